package modprobe

import (
	"slices"
	"strings"
)

// harmless are the programs that load nothing.
var harmless = []string{"/bin/false", "/bin/true", "/usr/bin/false", "/usr/bin/true"}

// Blocks reports whether the line is a command install whose program, such as /bin/false, loads
// nothing. modprobe runs that program instead of loading the module.
func (l Line) Blocks() bool {
	f := strings.Fields(l.Rest)
	return l.Command == "install" && len(f) > 0 && slices.Contains(harmless, f[0]) &&
		(len(f) == 1 || strings.HasPrefix(f[1], "#")) && !strings.ContainsAny(l.Rest, "\r\v\f")
}

// Installs returns the commands install that may decide about a module. kmod uses the first one
// whose pattern matches. All but the last of the result are Maybe. If the last one is Maybe too,
// none of them may decide.
func (c Config) Installs(module string) []Line {
	module = Name(module)
	var all []Line
	for _, l := range c.Lines {
		if l.Command != "install" || !matches(l.Module, module) {
			continue
		}
		all = append(all, l)
		if !l.Maybe {
			break
		}
	}
	return all
}

// Blacklisted returns the command blacklist of a module, and reports whether there is one. The
// command keeps devices and the kernel from loading the module by an alias. It does not keep
// modprobe from loading it by its name, nor another module from needing it.
func (c Config) Blacklisted(module string) (Line, bool) {
	i := slices.IndexFunc(c.Lines, func(l Line) bool { return l.Command == "blacklist" && l.Module == Name(module) })
	if i < 0 {
		return Line{}, false
	}
	return c.Lines[i], true
}
