package systemd

import "strings"

// searchPath holds the folders of system units by table 1 of systemd.unit(5), the one of highest
// precedence first. The table has neither the folders for attached images nor lib, which is a
// folder of its own only where /usr is not merged. They are in the order of systemctl --root of
// systemd 252.
var searchPath = []string{
	"etc/systemd/system.control",
	"run/systemd/system.control",
	"run/systemd/transient",
	"run/systemd/generator.early",
	configDir,
	"etc/systemd/system.attached",
	"run/systemd/system",
	"run/systemd/system.attached",
	"run/systemd/generator",
	"usr/local/lib/systemd/system",
	splitDir,
	mergedDir,
	"run/systemd/generator.late",
}

const (
	configDir    = "etc/systemd/system" // the folder that systemctl enable writes to
	transientDir = "run/systemd/transient"
	splitDir     = "lib/systemd/system"
	mergedDir    = "usr/lib/systemd/system"
	null         = "dev/null"
)

// presetPath holds the folders of preset files by systemd.preset(5).
var presetPath = []string{
	"etc/systemd/system-preset",
	"run/systemd/system-preset",
	"usr/local/lib/systemd/system-preset",
	"usr/lib/systemd/system-preset",
	"lib/systemd/system-preset",
}

// isRuntime reports whether a path is gone after a reboot.
func isRuntime(path string) bool { return strings.HasPrefix(path, "run/") }

// isGenerated reports whether a path is in a folder of generated units.
func isGenerated(path string) bool {
	switch parent(path) {
	case "run/systemd/generator", "run/systemd/generator.early", "run/systemd/generator.late":
		return true
	}
	return false
}

// isSearched reports whether a path is a folder of the search path, or in one, also by the name
// that a folder of it has behind links (unit_file_build_name_map of systemd).
func (t *tree) isSearched(path string) bool {
	return isBelow(path, searchPath) || isBelow(path, t.real)
}

// isBelow reports whether a path is one of some folders, or in one.
func isBelow(path string, folders []string) bool {
	for _, dir := range folders {
		if rest, ok := strings.CutPrefix(path, dir); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}
