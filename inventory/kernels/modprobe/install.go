package modprobe

import (
	"slices"
	"strings"
)

// harmless are the commands that load nothing.
var harmless = []string{"/bin/false", "/bin/true", "/usr/bin/false", "/usr/bin/true"}

// Blocks reports whether the line is a command install that runs a program which loads
// nothing instead of the module.
func (l Line) Blocks() bool {
	f := strings.Fields(l.Rest)
	return l.Command == "install" && len(f) > 0 && slices.Contains(harmless, f[0]) &&
		(len(f) == 1 || strings.HasPrefix(f[1], "#")) && !strings.ContainsAny(l.Rest, "\r\v\f")
}

// Installs answers the commands install that may decide about a module: kmod takes the first
// whose pattern matches. Of these the last one is certain and those before it are Maybe;
// where all are Maybe, it may also be that none decides.
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

// Blacklisted answers the command blacklist of a module. It keeps devices and the kernel from
// loading the module by an alias, and neither modprobe from loading it by its name nor
// another module from needing it.
func (c Config) Blacklisted(module string) (Line, bool) {
	i := slices.IndexFunc(c.Lines, func(l Line) bool { return l.Command == "blacklist" && l.Module == Name(module) })
	if i < 0 {
		return Line{}, false
	}
	return c.Lines[i], true
}
