package programs

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// defaultPath is where programs are searched for if nothing else is said: that of systemd
// (systemd.exec(5), Environment=), which has those of cron in it.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// maxPaths is how many values of PATH are kept of one text.
const maxPaths = 4

// maxValues is how many values a variable may have at once.
const maxValues = 64

// state is what a command finds.
type state struct {
	pos    inventory.Position
	dir    string              // the working directory, empty where it is not known
	paths  [][]string          // the values of PATH that may be in effect, "" for an element that is not known
	vars   map[string][]string // the values that variables may have; nil where they are worked out
	args   []string            // the arguments of a script, "" for one that is not known
	depth  int
	doubt  bool // whether what follows is run is not known
	strict bool // what is worked out is unknown, and not passed over
}

func newState(p inventory.Position, dir string) *state {
	return &state{pos: p, dir: dir, paths: [][]string{strings.Split(defaultPath, ":")}, vars: map[string][]string{}, strict: true}
}

// copy returns a state that can be changed.
func (st *state) copy() *state {
	c := *st
	c.vars = maps.Clone(st.vars)
	c.paths = slices.Clone(st.paths)
	return &c
}

// abs returns a path as one from the root. It is empty where that is not known.
func (st *state) abs(p string) string {
	switch {
	case strings.HasPrefix(p, "/"):
		return path.Clean(p)
	case st.dir == "" || p == "":
		return ""
	}
	return path.Join(st.dir, p)
}

// setPath adds a value of PATH.
func (st *state) setPath(dirs []string) {
	if len(st.paths) < maxPaths {
		st.paths = append([][]string{dirs}, st.paths...)
		return
	}
	st.paths = append([][]string{dirs}, st.paths[:maxPaths-1]...)
}

// Kinds of variables that decide what is run.
const (
	fileList   = iota + 1 // files, separated by blanks or colons
	folderList            // folders, separated by colons
	options               // options with paths in them
)

// loaders are the variables by which programs find code: ld.so(8), bash(1), python3(1), perlrun(1),
// ruby(1), node(1), java(1) and others.
var loaders = map[string]int{
	"LD_PRELOAD": fileList, "LD_AUDIT": fileList, "LD_LIBRARY_PATH": folderList, "GCONV_PATH": folderList,
	"BASH_ENV": fileList, "ENV": fileList, "PYTHONPATH": folderList, "PYTHONHOME": folderList, "PYTHONSTARTUP": fileList,
	"PYTHONUSERBASE": folderList, "PERL5LIB": folderList, "PERLLIB": folderList, "PERL5OPT": options, "PERL5DB": options,
	"RUBYLIB": folderList, "RUBYOPT": options, "GEM_PATH": folderList, "GEM_HOME": folderList, "NODE_PATH": folderList, "NODE_OPTIONS": options,
	"CLASSPATH": folderList, "JAVA_TOOL_OPTIONS": options, "_JAVA_OPTIONS": options, "JDK_JAVA_OPTIONS": options, "PHPRC": folderList, "PHP_INI_SCAN_DIR": folderList,
	"LUA_PATH": options, "LUA_CPATH": options, "TCLLIBPATH": folderList, "OPENSSL_CONF": fileList, "OPENSSL_MODULES": folderList, "OPENSSL_ENGINES": folderList,
	"GUILE_LOAD_PATH": folderList, "AWKPATH": folderList, "AWKLIBPATH": folderList, "ZDOTDIR": folderList, "GIT_EXEC_PATH": folderList, "GIO_EXTRA_MODULES": folderList,
}

// assign sets a variable. A value that is not known is nil.
func (f *Follower) assign(st *state, name string, values []string) {
	if name == "PATH" {
		if values == nil {
			f.unsure(st, "a PATH that is worked out")
		}
		for _, v := range values {
			f.setPath(st, v)
		}
		return
	}
	st.vars[name] = values
	kind := loaders[name]
	if kind == 0 {
		return
	}
	if values == nil {
		f.unsure(st, "a value of "+name+" that is worked out")
	}
	for _, v := range values {
		f.load(st, name, kind, v)
	}
}

// setPath sets PATH, and adds its folders. An empty element is the working directory, as is one in
// between, bash(1).
func (f *Follower) setPath(st *state, value string) {
	var dirs []string
	for e := range strings.SplitSeq(value, ":") {
		dir := st.abs(e)
		if e == "" {
			dir = st.dir
		}
		if dir == "" {
			f.unsure(st, "an element of PATH below a folder that is not known")
		} else {
			f.search(st.pos, dir, "searched for programs")
		}
		dirs = append(dirs, dir)
	}
	st.setPath(dirs)
}

// load adds what a variable names by which programs find code.
func (f *Follower) load(st *state, name string, kind int, value string) {
	separators := ":"
	switch kind {
	case fileList:
		separators = ": \t"
	case options:
		separators = ": \t=,;"
	}
	if name == "LD_LIBRARY_PATH" {
		separators = ":;"
	}
	if value == "" {
		return // as if it were not set
	}
	for _, e := range strings.FieldsFunc(value+":", func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		e = strings.ReplaceAll(strings.ReplaceAll(e, "$LIB", "lib"), "${LIB}", "lib")
		switch {
		case strings.Contains(e, "$"):
			f.unsure(st, "a value of "+name+" that is worked out")
		case strings.HasPrefix(e, "/"):
			f.loaded(st, e, name, kind)
			if name == "BASH_ENV" {
				f.follow(st.copy(), e, nil)
			}
		case kind == options, name == "LD_PRELOAD" && !strings.Contains(e, "/"): // found where libraries are
		case st.abs(e) != "":
			f.loaded(st, st.abs(e), name, kind)
		default:
			f.unsure(st, "a value of "+name+" below a folder that is not known")
		}
	}
	if kind == folderList && strings.Contains(":"+value+":", "::") && st.dir != "" && name != "PERL5LIB" {
		f.search(st.pos, st.dir, "named by "+name) // an empty element is the working directory
	}
}

// unsure adds that something is not known, unless the text is one of the distribution.
func (f *Follower) unsure(st *state, what string) {
	if st.strict {
		f.doubt(st.pos, what)
	}
}

// loaded adds a file or folder that a variable names.
func (f *Follower) loaded(st *state, p, name string, kind int) {
	if kind == folderList {
		f.search(st.pos, p, "named by "+name)
	} else {
		f.use(st.pos, p, "named by "+name)
	}
}
