package programs

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// maxRuns is how many commands may be followed of one unit or job. Each looks for a program.
const maxRuns = 10_000

// maxPath is how long a path may be on Linux, PATH_MAX.
const maxPath = 4096

// run follows a command. Shell means that a shell starts it, which runs texts without "#!" too.
func (f *Follower) run(st *state, argv []string, shell bool) {
	if len(argv) == 0 || f.err != nil {
		return
	}
	if st.depth >= maxDepth {
		f.unsure(st, "commands that start one another too often")
		return
	}
	st.depth++
	defer func() { st.depth-- }()
	name := argv[0]
	if strings.Contains(name, unknown) || name == "" {
		f.unsure(st, "a program whose name is worked out")
		f.arguments(st, argv[1:])
		return
	}
	if len(name) > maxPath {
		return // the kernel runs none of such a name
	}
	if f.runs++; f.runs > maxRuns {
		f.fail(fmt.Errorf("%s: more than %d commands: %w", st.pos.Place(), maxRuns, inventory.ErrLimit))
		return
	}
	targets := f.locate(st, name)
	if len(targets) == 0 { // it is not there, and what it would run may be
		f.starter(name)(f, st, argv[1:])
	}
	for _, target := range targets {
		f.use(st.pos, target, "run")
		f.found.Commands = append(f.found.Commands, Command{strings.TrimPrefix(path.Clean(target), "/"), slices.Clone(argv[1:]), st.doubt})
		f.starter(target)(f, st, argv[1:])
		f.program(st, target, argv[1:], shell)
	}
}

// starter returns what follows the arguments of a program: by its name, by the name behind links, or
// by either without the version, as of python3.11, perl5.36.0 and php8.2.
func (f *Follower) starter(target string) starter {
	for _, name := range []string{path.Base(target), f.real(target)} {
		if how, ok := starterOf(name); ok {
			return how
		}
		if how, ok := starterOf(strings.TrimRight(name, "-.0123456789")); ok {
			return how
		}
	}
	return (*Follower).arguments
}

// locate returns the paths of the program of a name: one, or one of each value of PATH.
func (f *Follower) locate(st *state, name string) []string {
	if strings.Contains(name, "/") {
		p := st.abs(name)
		if p == "" {
			f.unsure(st, "a program in a folder that is not known")
			return nil
		}
		return []string{p}
	}
	var all []string
	for _, dirs := range st.paths {
		if p := f.searchFor(st, dirs, name); p != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// find returns the path of a program by the value of PATH that counts most.
func (f *Follower) find(st *state, name string) string {
	for _, dirs := range st.paths {
		if p := f.searchFor(st, dirs, name); p != "" {
			return p
		}
	}
	return ""
}

// searchFor looks for a program in folders. Who may add to one before it, or to any if it is in none,
// decides what is run.
func (f *Follower) searchFor(st *state, dirs []string, name string) string {
	if !filetree.ValidName(name) {
		return ""
	}
	for _, dir := range dirs {
		if dir == "" {
			continue // said before
		}
		if kind := f.look(path.Join(dir, name)); kind == executable || kind == plain {
			f.use(st.pos, dir, "searched for programs")
			return path.Join(dir, name)
		}
		f.search(st.pos, dir, "searched for programs")
	}
	return ""
}

// program follows the file of a program where it is a script.
func (f *Follower) program(st *state, target string, args []string, shell bool) {
	if isShell(path.Base(target)) {
		return
	}
	text := f.read(target)
	line, ok := strings.CutPrefix(text, "#!")
	switch {
	case ok:
		line, _, _ = strings.Cut(line, "\n")
		interpreter, arg, _ := strings.Cut(strings.TrimSpace(line), " ")
		argv := []string{interpreter}
		if arg = strings.TrimSpace(arg); arg != "" {
			argv = append(argv, arg)
		}
		c := st.copy()
		c.pos = inventory.Position{Source: strings.TrimPrefix(target, "/"), Line: 1}
		if interpreter != "" {
			f.run(c, append(append(argv, target), args...), false)
		}
	case text != "" && shell && f.look(target) == executable:
		f.follow(st, target, args)
	}
}

// follow follows a file that a shell reads.
func (f *Follower) follow(st *state, name string, args []string) {
	key := strings.Join(append([]string{name}, args...), unknown)
	if f.doing[key] {
		return
	}
	f.doing[key] = true
	text := f.read(name)
	if text == "" {
		return
	}
	c := st.copy()
	c.pos = inventory.Position{Source: strings.TrimPrefix(name, "/")}
	c.args = append([]string{name}, args...)
	c.strict = st.strict && !ofSystem(name)
	f.text(c, text)
}

// ofSystem reports whether a file is most likely one of a distribution's package, of whose texts
// what is worked out is passed over.
func ofSystem(name string) bool {
	name = strings.TrimPrefix(name, "/")
	for _, dir := range []string{"usr/", "bin/", "sbin/", "lib/", "lib64/", "etc/"} {
		if strings.HasPrefix(name, dir) {
			return !strings.HasPrefix(name, "usr/local/")
		}
	}
	return false
}

// arguments adds the arguments of a program that is not known which are programs themselves, such as
// those of wrappers.
func (f *Follower) arguments(st *state, args []string) {
	for _, a := range args {
		if strings.HasPrefix(a, "-") {
			_, a, _ = strings.Cut(a, "=")
		}
		if !strings.HasPrefix(a, "/") || strings.ContainsAny(a, "\x00\n") || !filetree.ValidName(path.Clean(a)[1:]) {
			continue
		}
		if f.look(a) == executable {
			f.use(st.pos, a, "run")
			if key := "argument " + path.Clean(a); !f.doing[key] {
				f.doing[key] = true
				f.program(st, path.Clean(a), nil, false)
			}
		}
	}
}

// file adds a file that is read as code, by its path or one below the working directory. It returns
// its path, empty where that is not known.
func (f *Follower) file(st *state, name, as string) string {
	if name == unknown || strings.Contains(name, unknown) {
		f.unsure(st, "a file whose name is worked out")
		return ""
	}
	p := st.abs(name)
	if p == "" {
		f.unsure(st, "a file in a folder that is not known")
		return ""
	}
	f.use(st.pos, p, as)
	return p
}

// folder is file for a folder in which something is searched for.
func (f *Follower) folder(st *state, name, as string) string {
	p := f.file(st, name, as)
	if p != "" {
		f.search(st.pos, p, as)
	}
	return p
}

// optionSet splits the arguments of a program into its options and the rest, getopt(3) with "+".
// Short has the letters of options with an argument, long their names.
type optionSet struct {
	short string
	long  []string
}

// cut cuts the options off args. each is called for each with its value, empty without one.
func (o optionSet) cut(args []string, each func(name, value string)) (rest []string) {
	for len(args) > 0 {
		a := args[0]
		switch {
		case a == "--":
			return args[1:]
		case strings.HasPrefix(a, "--"):
			name, value, joined := strings.Cut(a[2:], "=")
			args = args[1:]
			if !joined && slices.Contains(o.long, name) && len(args) > 0 {
				value, args = args[0], args[1:]
			}
			each(name, value)
		case len(a) > 1 && a[0] == '-':
			args = args[1:]
			for i := 1; i < len(a); i++ {
				if strings.IndexByte(o.short, a[i]) < 0 {
					each(a[i:i+1], "")
					continue
				}
				value := a[i+1:]
				if value == "" && len(args) > 0 {
					value, args = args[0], args[1:]
				}
				each(a[i:i+1], value)
				break
			}
		default:
			return args
		}
	}
	return nil
}

func ignore(string, string) {}
