package systemd

import "strings"

// searchPath holds the folders of system units, table 1 of systemd.unit(5), that of
// higher precedence first. Where the table is silent the order is that of
// systemctl --root of systemd 252: of the folders for attached images, and of lib,
// which is a folder of its own only where /usr is not merged.
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
	configDir    = "etc/systemd/system" // where systemctl enable writes
	transientDir = "run/systemd/transient"
	splitDir     = "lib/systemd/system"
	mergedDir    = "usr/lib/systemd/system"
	null         = "dev/null"
)

// presetPath holds the folders of preset files, systemd.preset(5).
var presetPath = []string{
	"etc/systemd/system-preset",
	"run/systemd/system-preset",
	"usr/local/lib/systemd/system-preset",
	"usr/lib/systemd/system-preset",
	"lib/systemd/system-preset",
}

// runtime reports whether what a path names is gone after a reboot.
func runtime(path string) bool { return strings.HasPrefix(path, "run/") }

func generated(path string) bool {
	switch parent(path) {
	case "run/systemd/generator", "run/systemd/generator.early", "run/systemd/generator.late":
		return true
	}
	return false
}

// searched reports whether a path is in, or is, a folder of the search path.
func searched(path string) bool {
	for _, dir := range searchPath {
		if rest, ok := strings.CutPrefix(path, dir); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}
