package programs

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// starter follows the arguments of a program that runs others, or reads code.
type starter = func(f *Follower, st *state, args []string)

// starterOf returns what follows the arguments of a program that is known to run others, by its name
// without a version.
func starterOf(name string) (starter, bool) {
	if w, ok := wrappers[name]; ok {
		return w.follow, true
	}
	if slices.Contains(shells, name) {
		return shell, true
	}
	if code, ok := interpreters[name]; ok {
		return scriptOf(code[0], code[1]), true
	}
	switch name {
	case "env":
		return env, true
	case "busybox", "toybox":
		return applet, true
	case "run-parts":
		return runParts, true
	case "find":
		return find, true
	case "runuser", "su":
		return su, true
	case "sudo", "doas":
		return sudo, true
	case "setpriv":
		return setpriv, true
	case "flock":
		return flock, true
	case "start-stop-daemon":
		return startStop, true
	case "systemd-run":
		return systemdRun, true
	case "chroot":
		return chroot, true
	case "python", "pypy":
		return python, true
	case "perl":
		return perl, true
	case "java":
		return java, true
	case "awk", "gawk", "mawk", "nawk":
		return awk, true
	case "make", "gmake":
		return makefile, true
	case "script":
		return scriptProgram, true
	}
	if strings.HasPrefix(name, "ld-linux") || strings.HasPrefix(name, "ld-musl") || name == "ld.so" {
		return loader, true
	}
	return nil, false
}

// interpreters are programs that read a file as code: their options with an argument, and those
// among them whose argument is code itself.
var interpreters = map[string][2]string{
	"ruby": {"eICEFxr0W", "e"}, "node": {"erpC", "ep"}, "nodejs": {"erpC", "ep"}, "php": {"cdfrBRFEtSzg", "rBRE"}, "lua": {"el", "e"}, "luajit": {"ejlO", "e"},
	"tclsh": {"", ""}, "wish": {"", ""}, "expect": {"cfd", "c"}, "Rscript": {"e", "e"}, "guile": {"Lxlc", "c"}, "gjs": {"cIC", "c"}, "deno": {"", ""}, "pwsh": {"", ""},
}

var shells = []string{"sh", "bash", "dash", "ksh", "ksh93", "mksh", "zsh", "ash", "rbash", "yash", "posh", "fish"}

func isShell(name string) bool { return slices.Contains(shells, path.Base(name)) }

// wrapper describes a program that runs the command among its arguments: its options with an
// argument, how many words come before the command, and words with a "=" that do.
type wrapper struct {
	short string
	long  []string
	words int
	plus  bool // numbers with a dash are options
}

// wrappers are of coreutils, util-linux, systemd and others.
var wrappers = map[string]wrapper{
	"nice": {short: "n", long: []string{"adjustment"}, plus: true}, "ionice": {short: "cnpPu", long: []string{"class", "classdata", "pid", "pgid", "uid"}},
	"xargs": {short: "aEIiLlnPsd", long: []string{"arg-file", "delimiter", "max-args", "max-procs", "max-chars", "replace", "process-slot-var"}},
	"nohup": {}, "setsid": {}, "timeout": {short: "ks", long: []string{"kill-after", "signal"}, words: 1}, "stdbuf": {short: "ioe", long: []string{"input", "output", "error"}},
	"chrt": {short: "TPDp", long: []string{"sched-runtime", "sched-period", "sched-deadline"}, words: 1}, "taskset": {words: 1}, "time": {short: "fo", long: []string{"format", "output"}},
	"systemd-inhibit": {long: []string{"what", "who", "why", "mode"}}, "systemd-cat": {short: "tp", long: []string{"identifier", "priority", "stderr-priority", "level-prefix", "namespace"}},
	"unshare": {short: "RwSG", long: []string{"root", "wd", "setuid", "setgid", "map-user", "map-group", "map-users", "map-groups", "propagation", "setgroups", "monotonic", "boottime"}},
	"nsenter": {short: "tSG", long: []string{"target", "setuid", "setgid"}}, "prlimit": {short: "p", long: []string{"pid"}}, "choom": {short: "np", long: []string{"adjust", "pid"}},
	"uclampset": {short: "mMp"}, "numactl": {short: "ipPmNCwlxa", long: []string{"interleave", "preferred", "membind", "cpunodebind", "physcpubind"}}, "cpulimit": {short: "lpe", long: []string{"limit"}},
	"linux32": {}, "linux64": {}, "i386": {}, "setarch": {words: 1}, "tini": {short: "pe"}, "dumb-init": {short: "r"}, "catatonit": {}, "chpst": {short: "uUbemdofcrtlL/nP"}, "softlimit": {short: "admstlofprcC"},
	"setuidgid": {words: 1}, "envdir": {words: 1}, "s6-setuidgid": {words: 1}, "s6-envdir": {words: 1}, "daemon": {short: "nuUMpXLPaoelE", long: []string{"name", "user", "pidfile", "output", "stdout", "stderr", "chdir", "env"}},
	"cgexec": {short: "g"}, "dbus-run-session": {long: []string{"config-file", "dbus-daemon"}}, "dbus-launch": {}, "xvfb-run": {short: "aefnps"}, "run-one": {}, "keep-one-running": {}, "eatmydata": {}, "fakeroot": {short: "lsib"},
	"strace": {short: "eosuEPabIOSXp"}, "ltrace": {short: "eosunalpAxF"}, "catchsegv": {}, "watch": {short: "nq", long: []string{"interval"}}, "aa-exec": {short: "pn", long: []string{"profile", "namespace"}}, "runcon": {short: "turl", long: []string{"type", "user", "role", "range"}},
	"capsh": {}, "chronic": {}, "ts": {}, "sem": {}, "parallel": {short: "jn"}, "ssh-agent": {short: "aEPtO"}, "faketime": {words: 1, short: "f"}, "rlwrap": {}, "unbuffer": {}, "pkexec": {long: []string{"user"}}, "firejail": {}, "bwrap": {},
	"cronic": {}, "logsave": {words: 1}, "torsocks": {}, "proxychains": {short: "f"}, "perf": {words: 1}, "sg": {words: 1}, "memusage": {}, "sotruss": {},
}

// follow follows the command behind the options. Besides, arguments that are programs count, since an
// option may be one that is not known.
func (w wrapper) follow(f *Follower, st *state, args []string) {
	f.arguments(st, args)
	if w.plus && len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "-+0123456789") == "" {
		args = args[1:]
	}
	st = st.copy()
	rest := optionSet{w.short, w.long}.cut(args, func(name, value string) {
		switch name {
		case "setenv", "E":
			if k, v, ok := strings.Cut(value, "="); ok {
				f.assign(st, k, known(v))
			}
		case "working-directory", "chdir":
			st.dir = st.abs(value)
		case "wd", "root":
			st.dir = ""
		}
	})
	if len(rest) > w.words {
		f.run(st, rest[w.words:], false)
	}
}

// known returns the value of a text that may be worked out.
func known(v string) []string {
	if strings.Contains(v, unknown) {
		return nil
	}
	return []string{v}
}

// systemdRun follows systemd-run(1).
func systemdRun(f *Follower, st *state, args []string) {
	f.arguments(st, args)
	st = st.copy()
	user := ""
	rest := optionSet{"pEutMHC", []string{"property", "setenv", "unit", "description", "slice", "uid", "gid", "nice", "working-directory", "machine", "host", "on-active", "on-boot", "on-startup",
		"on-unit-active", "on-unit-inactive", "on-calendar", "path-property", "socket-property", "timer-property", "service-type", "background"}}.cut(args, func(name, value string) {
		switch name {
		case "E", "setenv":
			if k, v, ok := strings.Cut(value, "="); ok {
				f.assign(st, k, known(v))
			}
		case "p", "property":
			switch key, v, _ := strings.Cut(value, "="); key {
			case "Environment":
				if k, v, ok := strings.Cut(v, "="); ok {
					f.assign(st, k, known(v))
				}
			case "WorkingDirectory":
				st.dir = st.abs(v)
			case "User":
				user = v
			}
		case "uid":
			user = value
		case "working-directory":
			st.dir = st.abs(value)
		}
	})
	if isRoot(user) {
		f.run(st, rest, false)
	}
}

// shell follows sh(1), bash(1) and the like.
func shell(f *Follower, st *state, args []string) {
	text := false
	for len(args) > 0 {
		a := args[0]
		if a == unknown {
			break
		}
		if len(a) < 2 || a[0] != '-' && a[0] != '+' {
			if a == "-" {
				args = args[1:]
			}
			break
		}
		args = args[1:]
		if a == "--" {
			break
		}
		if strings.HasPrefix(a, "--") {
			switch a {
			case "--rcfile", "--init-file":
				if len(args) > 0 {
					f.file(st, args[0], "sourced")
					args = args[1:]
				}
			case "--login":
				f.login(st)
			}
			continue
		}
		text = text || a[0] == '-' && strings.Contains(a, "c")
		if strings.Contains(a, "l") && a[0] == '-' {
			f.login(st)
		}
		if strings.HasSuffix(a, "o") || strings.HasSuffix(a, "O") {
			if len(args) > 0 {
				args = args[1:]
			}
		}
		if a[0] == '-' && strings.Contains(a, "s") && !text {
			return
		}
	}
	if len(args) == 0 {
		return
	}
	if text {
		if strings.Contains(args[0], unknown) {
			f.unsure(st, "a text that is worked out")
			return
		}
		c := st.copy()
		if c.args = args[1:]; len(c.args) == 0 {
			c.args = []string{"sh"}
		}
		f.text(c, args[0])
		return
	}
	name := args[0]
	p := st.abs(name)
	if !strings.Contains(name, "/") && name != unknown && (p == "" || f.look(p) != plain && f.look(p) != executable) {
		// What is not in the working directory is searched for, bash(1).
		if p != "" {
			f.use(st.pos, p, "read by a shell")
		}
		if found := f.find(st, name); found != "" {
			f.use(st.pos, found, "read by a shell")
			f.follow(st, found, args[1:])
			return
		}
	}
	if p = f.file(st, name, "read by a shell"); p != "" {
		f.follow(st, p, args[1:])
	}
}

// hasScript reports whether a shell has a script or a text among its arguments.
func hasScript(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool {
		return !strings.HasPrefix(a, "-") || len(a) > 1 && a[1] != '-' && strings.Contains(a, "c")
	})
}

// login adds the start files of a login shell of root.
func (f *Follower) login(st *state) {
	for _, name := range []string{"etc/profile", "root/.bash_profile", "root/.bash_login", "root/.profile"} {
		f.use(st.pos, name, "sourced")
	}
}

// env follows env(1).
func env(f *Follower, st *state, args []string) {
	st = st.copy()
	var split []string
	args = optionSet{"uCSa", []string{"unset", "chdir", "split-string", "argv0"}}.cut(args, func(name, value string) {
		switch name {
		case "C", "chdir":
			st.dir = st.abs(value)
		case "S", "split-string":
			split = strings.Fields(strings.NewReplacer(`"`, "", "'", "").Replace(value))
		case "i", "ignore-environment":
			st.paths = newState(st.pos, st.dir).paths
		}
	})
	if split != nil {
		args = append(split, args...)
		if len(split) > 0 && strings.HasPrefix(split[0], "-") {
			env(f, st, args)
			return
		}
	}
	if len(args) > 0 && args[0] == "-" {
		args = args[1:]
	}
	for len(args) > 0 && strings.Contains(args[0], "=") {
		name, value, _ := strings.Cut(args[0], "=")
		f.assign(st, name, known(value))
		args = args[1:]
	}
	f.run(st, args, false)
}

// applet follows busybox(1).
func applet(f *Follower, st *state, args []string) {
	if len(args) > 0 {
		if how, ok := starterOf(args[0]); ok {
			how(f, st, args[1:])
		} else {
			f.arguments(st, args[1:])
		}
	}
}

// runParts follows run-parts(8): all programs in a folder.
func runParts(f *Follower, st *state, args []string) {
	rest := optionSet{"au", []string{"arg", "umask", "regex"}}.cut(args, ignore)
	for _, dir := range rest {
		p := f.folder(st, dir, "searched for programs")
		if p == "" || f.look(p) != folder {
			continue
		}
		entries, err := f.sys.ReadDir(f.ctx, strings.TrimPrefix(p, "/"))
		if err != nil {
			f.fail(err)
			return
		}
		for _, e := range entries {
			if target := path.Join(p, e.Name()); !e.IsDir() && f.look(target) == executable && f.err == nil {
				f.use(st.pos, target, "run")
				f.program(st.copy(), target, nil, true)
			}
		}
	}
}

// find follows the actions of find(1).
func find(f *Follower, st *state, args []string) {
	for i, a := range args {
		if a == "-exec" || a == "-execdir" || a == "-ok" || a == "-okdir" {
			rest := args[i+1:]
			if end := slices.IndexFunc(rest, func(s string) bool { return s == ";" || s == "+" }); end >= 0 {
				rest = rest[:end]
			}
			if len(rest) > 0 && rest[0] != "{}" {
				f.run(st.copy(), rest, false)
			}
		}
	}
}

func isRoot(user string) bool { return user == "" || user == "root" || user == "0" }

// su follows su(1) and runuser(1).
func su(f *Follower, st *state, args []string) {
	user, text, shellPath, given, login := "", "", "", false, false
	var words []string
	for len(args) > 0 {
		rest := optionSet{"csugGw", []string{"command", "session-command", "shell", "user", "group", "supp-group", "whitelist-environment"}}.cut(args, func(name, value string) {
			switch name {
			case "c", "command", "session-command":
				text = value
			case "s", "shell":
				shellPath = value
			case "u", "user":
				user, given = value, true
			case "l", "login":
				login = true
			}
		})
		if given {
			words = rest
			break
		}
		if len(rest) == 0 {
			break
		}
		if rest[0] == "-" {
			login = true
		} else {
			words = append(words, rest[0])
		}
		args = rest[1:]
	}
	if given { // runuser -u USER [--] COMMAND
		if isRoot(user) {
			f.run(st, words, false)
		}
		return
	}
	if len(words) > 0 {
		user = words[0]
	}
	if !isRoot(user) {
		return
	}
	c := st.copy()
	if login {
		f.login(c)
	}
	if shellPath != "" {
		f.file(c, shellPath, "run")
	}
	if text != "" {
		shell(f, c, []string{"-c", text})
	} else if len(words) > 1 {
		shell(f, c, words[1:])
	}
}

// sudo follows sudo(8) and doas(1).
func sudo(f *Follower, st *state, args []string) {
	user := ""
	st = st.copy()
	rest := optionSet{"CDghpRrtTUua", []string{"close-from", "chdir", "group", "host", "prompt", "chroot", "role", "type", "command-timeout", "other-user", "user"}}.cut(args, func(name, value string) {
		switch name {
		case "u", "user":
			user = strings.TrimPrefix(value, "#")
		case "D", "chdir":
			st.dir = st.abs(value)
		}
	})
	for len(rest) > 0 && nameLen(rest[0]) > 0 && strings.HasPrefix(rest[0][nameLen(rest[0]):], "=") {
		name, value, _ := strings.Cut(rest[0], "=")
		f.assign(st, name, known(value))
		rest = rest[1:]
	}
	if isRoot(user) {
		f.run(st, rest, false)
	}
}

// setpriv follows setpriv(1).
func setpriv(f *Follower, st *state, args []string) {
	user := ""
	rest := optionSet{"", []string{"ambient-caps", "inh-caps", "bounding-set", "ruid", "euid", "rgid", "egid", "reuid", "regid", "groups", "securebits", "pdeathsig", "selinux-label", "apparmor-profile", "ptracer", "seccomp-filter"}}.cut(args, func(name, value string) {
		if name == "reuid" || name == "ruid" {
			user = value
		}
	})
	if isRoot(user) {
		f.run(st, rest, false)
	}
}

// flock follows flock(1).
func flock(f *Follower, st *state, args []string) {
	set := optionSet{"wEc", []string{"timeout", "wait", "conflict-exit-code", "command"}}
	text := ""
	take := func(name, value string) {
		if name == "c" || name == "command" {
			text = value
		}
	}
	rest := set.cut(args, take)
	if len(rest) > 0 {
		rest = rest[1:] // the file that is locked
	}
	if len(rest) > 1 && (rest[0] == "-c" || rest[0] == "--command") {
		text, rest = rest[1], nil
	}
	if text != "" {
		shell(f, st, []string{"-c", text})
		return
	}
	f.run(st, rest, false)
}

// startStop follows start-stop-daemon(8).
func startStop(f *Follower, st *state, args []string) {
	program, as, user, start := "", "", "", false
	st = st.copy()
	rest := optionSet{"pxnugsPcIrdRNka", []string{"pid", "pidfile", "ppid", "exec", "name", "user", "group", "signal", "retry", "startas", "chuid", "chroot", "chdir", "nicelevel", "procsched", "iosched", "umask", "output"}}.cut(args, func(name, value string) {
		switch name {
		case "x", "exec":
			program = value
		case "a", "startas":
			as = value
		case "c", "chuid":
			user, _, _ = strings.Cut(value, ":")
		case "d", "chdir":
			st.dir = st.abs(value)
		case "S", "start":
			start = true
		}
	})
	if as == "" {
		as = program
	}
	if start && as != "" && isRoot(user) {
		f.run(st, append([]string{as}, rest...), false)
	}
}

// chroot follows chroot(8): another root, whose programs are below it.
func chroot(f *Follower, st *state, args []string) {
	rest := optionSet{"", []string{"groups", "userspec"}}.cut(args, ignore)
	if len(rest) == 0 {
		return
	}
	root := f.file(st, rest[0], "the root of a program")
	if root == "/" {
		f.run(st, rest[1:], false)
		return
	}
	f.unsure(st, "a program with another root")
}

// scriptOf returns the starter of an interpreter: its options with an argument, and those among them
// whose argument is code. The first word that is no option is a file.
func scriptOf(short, code string) starter {
	return func(f *Follower, st *state, args []string) {
		text := false
		rest := optionSet{short, []string{"require", "import", "loader", "eval", "print", "define", "file", "run"}}.cut(args, func(name, value string) {
			switch {
			case len(name) == 1 && strings.Contains(code, name) || name == "eval" || name == "print" || name == "run":
				text = true
				f.named(st, value)
			case strings.HasPrefix(value, "/") || name == "file":
				f.file(st, value, "read as code")
			}
		})
		if !text && len(rest) > 0 {
			f.file(st, rest[0], "read as code")
		}
	}
}

// perl follows perlrun(1).
func perl(f *Follower, st *state, args []string) {
	text, here := false, false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && !here {
		a := args[0]
		args = args[1:]
		switch {
		case a == "--":
			here = true
		case strings.HasPrefix(a, "-I"):
			dir := a[2:]
			if dir == "" && len(args) > 0 {
				dir, args = args[0], args[1:]
			}
			f.folder(st, dir, "searched for modules")
		case strings.HasPrefix(a, "-M") || strings.HasPrefix(a, "-m") || strings.HasPrefix(a, "-x") || strings.HasPrefix(a, "-i") || strings.HasPrefix(a, "-F") || strings.HasPrefix(a, "-C") || strings.HasPrefix(a, "-D"):
		case strings.ContainsAny(a, "eE"):
			text = true
			if len(args) > 0 {
				f.named(st, args[0])
				args = args[1:]
			}
		}
	}
	if !text && len(args) > 0 {
		f.file(st, args[0], "read as code")
	}
}

// imports matches the modules that a script of Python loads.
var imports = regexp.MustCompile(`(?m)^[ \t]*(?:import|from)[ \t]+([A-Za-z_][A-Za-z0-9_]*)`)

// maxImports is how many modules of a script are looked for.
const maxImports = 200

// python follows python3(1). The first folder of modules is that of the script, or the working
// directory.
func python(f *Follower, st *state, args []string) {
	module, text := "", false
	var rest []string
	for len(args) > 0 && rest == nil {
		a := args[0]
		args = args[1:]
		switch {
		case len(a) < 2 || a[0] != '-':
			rest = append([]string{a}, args...)
		case strings.HasPrefix(a, "--"):
		default:
			i := strings.IndexAny(a[1:], "cmWX")
			if i < 0 {
				continue
			}
			value := a[i+2:]
			if value == "" && len(args) > 0 {
				value, args = args[0], args[1:]
			}
			switch a[i+1] {
			case 'c':
				text = true
				f.named(st, value)
				f.modules(st, st.dir, value)
			case 'm':
				module = value
			}
			if a[i+1] == 'c' || a[i+1] == 'm' {
				args = nil
			}
		}
	}
	switch {
	case text || module != "":
		if st.dir == "" {
			f.unsure(st, "modules of Python in a folder that is not known")
			return
		}
		f.search(st.pos, st.dir, "searched for modules")
		if name, _, _ := strings.Cut(module, "."); name != "" && filetree.ValidName(name) {
			f.module(st, st.dir, name)
		}
	case len(rest) > 0:
		p := f.file(st, rest[0], "read as code")
		if p == "" {
			return
		}
		if f.look(p) == folder {
			f.use(st.pos, path.Join(p, "__main__.py"), "read as code")
			f.modules(st, p, f.read(path.Join(p, "__main__.py")))
			return
		}
		real, there, err := f.ways.Real(f.ctx, f.sys, p[1:])
		if err == nil && there && !ofSystem(real) {
			f.modules(st, "/"+path.Dir(real), f.read(p))
		}
	}
}

// modules adds the modules beside a script that it loads.
func (f *Follower) modules(st *state, dir, text string) {
	if dir == "" {
		return
	}
	seen := map[string]bool{}
	for _, m := range imports.FindAllStringSubmatch(text, maxImports) {
		if !seen[m[1]] {
			seen[m[1]] = true
			f.module(st, dir, m[1])
		}
	}
}

// module adds a module that is in a folder.
func (f *Follower) module(st *state, dir, name string) {
	if p := path.Join(dir, name+".py"); f.look(p) == plain || f.look(p) == executable {
		f.use(st.pos, p, "read as code")
	}
	if p := path.Join(dir, name, "__init__.py"); f.look(path.Join(dir, name)) == folder {
		f.use(st.pos, p, "read as code")
	}
}

// java follows java(1).
func java(f *Follower, st *state, args []string) {
	list := func(v string) {
		for e := range strings.SplitSeq(v, ":") {
			if e = strings.TrimSuffix(e, "*"); e != "" {
				f.folder(st, e, "searched for classes")
			}
		}
	}
	classes := false
	for i := 0; i < len(args); i++ {
		a := args[i]
		next := ""
		if i+1 < len(args) {
			next = args[i+1]
		}
		switch {
		case a == "-jar":
			f.file(st, next, "read as code")
			return
		case a == "-cp" || a == "-classpath" || a == "--class-path" || a == "-p" || a == "--module-path":
			classes = true
			list(next)
			i++
		case strings.HasPrefix(a, "-javaagent:") || strings.HasPrefix(a, "-agentpath:"):
			_, v, _ := strings.Cut(a, ":")
			v, _, _ = strings.Cut(v, "=")
			f.file(st, v, "read as code")
		case strings.HasPrefix(a, "-Xbootclasspath/"):
			_, v, _ := strings.Cut(a, ":")
			list(v)
		case strings.HasPrefix(a, "@"):
			f.file(st, a[1:], "read for options")
		case !strings.HasPrefix(a, "-"):
			if strings.HasSuffix(a, ".java") {
				f.file(st, a, "read as code")
			} else if !classes {
				f.folder(st, ".", "searched for classes")
			}
			return
		}
	}
}

// awk follows awk(1).
func awk(f *Follower, st *state, args []string) {
	optionSet{"Ffvie", []string{"file", "include", "exec", "assign", "field-separator", "load"}}.cut(args, func(name, value string) {
		if name == "f" || name == "file" || name == "include" || name == "i" || name == "exec" {
			f.file(st, value, "read as code")
		}
	})
}

// makefile follows make(1).
func makefile(f *Follower, st *state, args []string) {
	st = st.copy()
	given := ""
	optionSet{"CfIjloW", []string{"directory", "file", "makefile", "include-dir"}}.cut(args, func(name, value string) {
		switch name {
		case "C", "directory":
			st.dir = st.abs(value)
		case "f", "file", "makefile":
			given = value
		}
	})
	if given != "" {
		f.file(st, given, "read as code")
		return
	}
	for _, name := range []string{"GNUmakefile", "makefile", "Makefile"} {
		f.file(st, name, "read as code")
	}
}

// loader follows ld.so(8).
func loader(f *Follower, st *state, args []string) {
	st = st.copy()
	rest := optionSet{"", []string{"library-path", "preload", "audit", "inhibit-rpath", "argv0", "glibc-hwcaps-prepend", "glibc-hwcaps-mask"}}.cut(args, func(name, value string) {
		switch name {
		case "library-path":
			f.assign(st, "LD_LIBRARY_PATH", known(value))
		case "preload":
			f.assign(st, "LD_PRELOAD", known(value))
		case "audit":
			f.assign(st, "LD_AUDIT", known(value))
		}
	})
	f.run(st, rest, false)
}

// scriptProgram follows script(1).
func scriptProgram(f *Follower, st *state, args []string) {
	optionSet{"cBIOTEomt", []string{"command", "log-in", "log-out", "log-io", "log-timing", "echo", "output-limit"}}.cut(args, func(name, value string) {
		if name == "c" || name == "command" {
			shell(f, st, []string{"-c", value})
		}
	})
}
