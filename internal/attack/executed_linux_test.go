package attack

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/cron"
	"github.com/hardening-sdk/hardening/check/service"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// somebody is the user who is asked what they can change.
const somebody = 65534

// The grammar of states. Each is one unit or one job of root:
//
//	state   = where leaf, form, flaw
//	where   = a folder of its own | a link to one | a folder in a shared one | deep folders
//	leaf    = a script of sh, or a program behind "#!"
//	form    = direct | text of sh -c | with cd | relative to WorkingDirectory= | by bash, sh or perl |
//	          by a wrapper or three | in PATH | in a script that runs, sources, finds in a loop or is given it |
//	          LD_PRELOAD, LD_LIBRARY_PATH, PERL5LIB, BASH_ENV, also in a file of EnvironmentFile= |
//	          a substitution, a condition, a variable
//	flaw    = none | owner, mode, access by group of: leaf, a folder on the way, the folder of the link,
//	          a helper, the file that says what is run, the file of variables, or of what is not run
//
// What is run is asked of the kernel, by strace of the command as root in a chroot; who can change it of
// test(1) in that chroot as somebody else. The manager of units is not run: command, folder and
// environment are what the unit says.
type executed struct {
	r     *rand.Rand
	tree  string
	id    string
	files []string          // made by this state, to go with it
	env   map[string]string // of the command
	dir   string            // of the command
	unit  []string          // lines of [Service]
	vars  []string          // lines of a crontab
	argv  []string
	text  string   // of a job
	also  []string // files that say what is run
	flaws []string // names on which a flaw may be
	form  string
}

func (x *executed) pick(all ...string) string { return all[x.r.IntN(len(all))] }

// write makes a file of the state.
func (x *executed) write(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	full := filepath.Join(x.tree, name)
	x.folder(t, path.Dir(name))
	if err := os.WriteFile(full, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(full, mode); err != nil {
		t.Fatal(err)
	}
	x.files = append(x.files, name)
	return name
}

// folder makes folders, which go with the state.
func (x *executed) folder(t *testing.T, name string) {
	t.Helper()
	if _, err := os.Lstat(filepath.Join(x.tree, name)); err == nil {
		return
	}
	x.folder(t, path.Dir(name))
	if err := os.Mkdir(filepath.Join(x.tree, name), 0o755); err != nil {
		t.Fatal(err)
	}
	x.files = append(x.files, name)
}

// leaf makes the program that is run in the end, and returns its path.
func (x *executed) leaf(t *testing.T) string {
	base := "/opt/" + x.id
	text := x.pick("#!/bin/sh\n:\n", "#!/bin/bash\n:\n", "#!/usr/bin/perl\n1;\n")
	switch x.r.IntN(5) {
	case 0:
		x.write(t, base+"/real/x", text, 0o755)
		if err := os.Symlink("real", filepath.Join(x.tree, base, "link")); err != nil {
			t.Fatal(err)
		}
		x.files = append(x.files, base+"/link")
		x.flaws = append(x.flaws, base+"/real/x", base+"/real", base)
		return base + "/link/x"
	case 1:
		x.write(t, "/srv/shared/"+x.id+"/x", text, 0o755)
		x.flaws = append(x.flaws, "/srv/shared/"+x.id, "/srv/shared/"+x.id+"/x")
		return "/srv/shared/" + x.id + "/x"
	case 2:
		x.write(t, base+"/a/b/x", text, 0o755)
		x.flaws = append(x.flaws, base, base+"/a", base+"/a/b", base+"/a/b/x")
		return base + "/a/b/x"
	}
	x.write(t, base+"/x", text, 0o755)
	x.flaws = append(x.flaws, base, base+"/x")
	return base + "/x"
}

// quoted returns an argument as units and sh have it.
func quoted(a string) string {
	if a != "" && strings.Trim(a, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:,") == "" {
		return a
	}
	return "'" + a + "'"
}

func joined(argv []string) string {
	var all []string
	for _, a := range argv {
		all = append(all, quoted(a))
	}
	return strings.Join(all, " ")
}

// wrapped puts wrappers before a command.
func (x *executed) wrapped(argv []string) []string {
	w := [][]string{{"/usr/bin/env", "A=b"}, {"/usr/bin/nice", "-n", "5"}, {"/usr/bin/nice", "-5"}, {"/usr/bin/ionice", "-c", "3"}, {"/usr/bin/timeout", "-k", "1", "5"}, {"/usr/bin/setpriv", "--no-new-privs"}, {"/usr/bin/nohup"},
		{"/usr/bin/flock", "-n", "/run"}, {"/usr/bin/chrt", "-o", "0"}, {"/usr/bin/stdbuf", "-oL"}, {"/sbin/runuser", "-u", "root", "--"}, {"/usr/bin/setsid", "-w"}, {"/usr/bin/taskset", "1"}, {"/usr/bin/env", "-u", "B", "--"}, {"/usr/bin/xargs", "-n", "1", "-a", "/dev/null"}}
	for range 1 + x.r.IntN(3) {
		argv = append(slices.Clone(w[x.r.IntN(len(w))]), argv...)
	}
	return argv
}

// helper makes a script that runs another program, and returns its path.
func (x *executed) helper(t *testing.T, text string) string {
	name := "/opt/" + x.id + "-h/run"
	x.write(t, name, text, 0o755)
	x.flaws = append(x.flaws, name, path.Dir(name))
	return name
}

// set sets a variable, in one of the ways there are.
func (x *executed) set(t *testing.T, name, value string) {
	x.env[name] = value
	x.vars = append(x.vars, name+"="+value)
	switch x.r.IntN(3) {
	case 0:
		file := x.write(t, "/opt/"+x.id+"-e/vars", "# variables\nOTHER=1\n"+name+"="+value+"\n", 0o644)
		x.flaws = append(x.flaws, file, path.Dir(file))
		x.also = append(x.also, "unit:"+file)
		x.unit = append(x.unit, "EnvironmentFile="+x.pick("", "-")+file)
	case 1:
		x.unit = append(x.unit, `Environment=OTHER=1 "`+name+"="+value+`"`)
	default:
		x.unit = append(x.unit, "Environment="+name+"="+value)
	}
}

// command chooses how the leaf is run.
func (x *executed) command(t *testing.T, job bool) {
	leaf := x.leaf(t)
	dir := path.Dir(leaf)
	sh := x.pick("/bin/sh", "/bin/bash", "/usr/bin/dash")
	forms := map[string]func(){
		"direct": func() { x.argv = []string{leaf, "--now"} },
		"text": func() {
			x.argv = []string{sh, "-c", x.pick("", "exec ", "true && ", "false || ", "A=b; ", "A=b ") + leaf + " --now"}
		},
		"text in brackets": func() { x.argv = []string{sh, "-ec", x.pick("("+leaf+" a)", "{ "+leaf+"; }", "! "+leaf+" a")} },
		"folder":           func() { x.argv = []string{sh, "-c", "cd " + dir + " && ./x"} },
		"substitution": func() {
			x.argv = []string{sh, "-c", x.pick("echo $("+leaf+")", "echo \"$("+leaf+" a)\"", "B=$("+leaf+")")}
		},
		"backticks":       func() { x.argv = []string{sh, "-c", "echo `" + leaf + " a`"} },
		"condition":       func() { x.argv = []string{sh, "-c", "if [ -x " + leaf + " ]; then " + leaf + "; fi"} },
		"variable":        func() { x.argv = []string{sh, "-c", "P=" + dir + "; " + x.pick(`"$P/x"`, "$P/x", "${P}/x a")} },
		"arguments":       func() { x.argv = []string{sh, "-c", x.pick(`"$@"`, `exec "$1"`, "$1 a"), "sh", leaf} },
		"loop":            func() { x.argv = []string{sh, "-c", "for i in " + dir + "/x; do $i; done"} },
		"eval":            func() { x.argv = []string{sh, "-c", "eval " + leaf} },
		"background":      func() { x.argv = []string{sh, "-c", leaf + " & wait"} },
		"pipe":            func() { x.argv = []string{sh, "-c", "echo a | " + leaf} },
		"input":           func() { x.argv = []string{sh, "-c", "sh < " + leaf} },
		"sourced":         func() { x.argv = []string{sh, "-c", ". " + leaf} },
		"trap":            func() { x.argv = []string{sh, "-c", "trap " + leaf + " EXIT"} },
		"by a shell":      func() { x.argv = []string{sh, x.pick("-e", "-u", "-x"), leaf, "a"} },
		"relative":        func() { x.dir = dir; x.argv = []string{sh, "x"} },
		"by perl":         func() { x.argv = []string{"/usr/bin/perl", "-w", leaf} },
		"wrapped":         func() { x.argv = x.wrapped([]string{leaf}) },
		"wrapped shell":   func() { x.argv = x.wrapped([]string{sh, "-c", leaf + " a"}) },
		"text of flock":   func() { x.argv = []string{"/usr/bin/flock", "/run", "-c", leaf} },
		"text of runuser": func() { x.argv = []string{"/sbin/runuser", "root", "-c", leaf} },
		"found": func() {
			x.argv = []string{"/usr/bin/find", "/run", "-maxdepth", "0", "-exec", leaf, "{}", x.pick(";", "+")}
		},
		"in PATH": func() {
			x.folder(t, "/opt/"+x.id+"-p")
			x.flaws = append(x.flaws, "/opt/"+x.id+"-p")
			x.set(t, "PATH", "/opt/"+x.id+"-p:"+dir+":/usr/bin:/bin")
			x.argv = []string{sh, "-c", x.pick("x", "ls /; x", "exec x")}
		},
		"script": func() { x.argv = []string{x.helper(t, "#!"+sh+"\nset -e\n"+leaf+" a\n")} },
		"script with variables": func() {
			x.argv = []string{x.helper(t, "#!/bin/sh\nD="+dir+"\nP=$D/x\n[ -x \"$P\" ] || exit 0\n$P a\n")}
		},
		"script that sources": func() { x.argv = []string{sh, x.helper(t, "#!/bin/sh\n. "+leaf+"\n")} },
		"script with a function": func() {
			x.argv = []string{x.helper(t, "#!/bin/bash\nstart() {\n\tlocal d="+dir+"\n\t\"$d/x\"\n}\ncase \"$1\" in\nstart|restart) start ;;\n*) exit 1 ;;\nesac\n"), "start"}
		},
		"script with arguments": func() { x.argv = []string{x.helper(t, "#!/bin/sh\nexec \"$@\"\n"), leaf, "a"} },
		"script by folder":      func() { x.argv = []string{x.helper(t, "#!/bin/sh\ncd "+dir+" || exit\n./x\n")} },
		"interpreter":           func() { x.argv = []string{x.helper(t, "#!"+leaf+"\n")} },
		"interpreter by env":    func() { x.argv = []string{x.helper(t, "#!/usr/bin/env -S /bin/sh "+leaf+"\n")} },
		"preload":               func() { x.set(t, x.pick("LD_PRELOAD", "LD_AUDIT"), leaf); x.argv = []string{"/bin/true"} },
		"libraries":             func() { x.set(t, "LD_LIBRARY_PATH", dir); x.argv = []string{"/bin/ls", "/"} },
		"modules of perl":       func() { x.set(t, "PERL5LIB", dir); x.argv = []string{"/usr/bin/perl", "-e", "use strict; 1"} },
		"bash env":              func() { x.set(t, "BASH_ENV", leaf); x.argv = []string{"/bin/bash", "-c", "true"} },
		"not run": func() {
			x.argv = []string{sh, "-c", x.pick("echo ", "test -x ", "ls -l ", "cat ") + leaf}
		},
		"assigned": func() {
			x.argv = []string{sh, "-c", x.pick("LD_PRELOAD="+leaf+" /bin/true", "export LD_PRELOAD="+leaf+"; /bin/true")}
		},
	}
	var names []string
	for name := range forms {
		names = append(names, name)
	}
	slices.Sort(names)
	x.form = names[x.r.IntN(len(names))]
	forms[x.form]()
	if job && x.form == "relative" {
		x.dir = "/root"
		x.argv = []string{sh, leaf}
	}
}

// flaw makes something changeable, or nothing.
func (x *executed) flaw(t *testing.T) string {
	if x.r.IntN(10) < 3 || len(x.flaws) == 0 {
		return "none"
	}
	name := x.flaws[x.r.IntN(len(x.flaws))]
	full := filepath.Join(x.tree, name)
	info, err := os.Stat(full)
	if err != nil {
		t.Fatal(err)
	}
	how := x.pick("owner", "everybody", "group", "sticky", "harmless")
	switch how {
	case "owner":
		err = os.Lchown(full, somebody, 0)
	case "everybody":
		err = os.Chmod(full, info.Mode().Perm()|0o022)
	case "group":
		if err = os.Lchown(full, 0, somebody); err == nil {
			err = os.Chmod(full, info.Mode().Perm()|0o020)
		}
	case "sticky":
		if info.IsDir() {
			err = os.Chmod(full, 0o777|os.ModeSticky)
		}
	case "harmless":
		err = os.Lchown(full, 0, somebody)
	}
	if err != nil {
		t.Fatal(err)
	}
	return how + " of " + name
}

// begin writes the state and returns the check that judges it.
func (x *executed) begin(t *testing.T) (what string, c check.Check) {
	var err error
	if x.r.IntN(2) == 0 {
		x.dir = "/"
		x.command(t, false)
		if x.dir != "/" {
			x.unit = append(x.unit, "WorkingDirectory="+x.dir)
		}
		key := x.pick("ExecStart", "ExecStart", "ExecStartPre", "ExecStartPost", "ExecReload", "ExecStop", "ExecCondition", "ExecStopPost")
		if key != "ExecStart" {
			x.unit = append(x.unit, "ExecStart=/bin/true")
		}
		argv := slices.Clone(x.argv)
		for i := range argv {
			argv[i] = strings.ReplaceAll(argv[i], "$", "$$")
		}
		x.unit = append(x.unit, key+"="+x.pick("", "-", "+")+joined(argv))
		name := x.write(t, "/etc/systemd/system/"+x.id+".service", "[Service]\n"+strings.Join(x.unit, "\n")+"\n", 0o644)
		x.flaws = append(x.flaws, name)
		x.also = append(x.also, "unit:"+name)
		if x.r.IntN(4) == 0 {
			drop := x.write(t, name+".d/a.conf", "[Service]\nNice=1\n", 0o644)
			x.flaws = append(x.flaws, drop, path.Dir(drop))
			x.also = append(x.also, "unit:"+drop)
		}
		link := "/etc/systemd/system/multi-user.target.wants/" + x.id + ".service"
		if err := os.Symlink(name, filepath.Join(x.tree, link)); err != nil {
			t.Fatal(err)
		}
		x.files = append(x.files, link)
		what = "unit " + x.form
		c, err = service.Protected{}.Check()
	} else {
		x.dir, x.env = "/root", map[string]string{"PATH": "/usr/bin:/bin", "HOME": "/root", "SHELL": "/bin/sh"}
		x.command(t, true)
		x.text = strings.NewReplacer("%", "\\%").Replace(joined(x.argv))
		x.argv = []string{"/bin/sh", "-c", joined(x.argv)}
		vars := ""
		if len(x.vars) > 0 {
			vars = strings.Join(x.vars, "\n") + "\n"
		}
		switch x.r.IntN(3) {
		case 0:
			name := x.write(t, "/etc/cron.d/"+x.id, vars+"* * * * * root "+x.text+"\n", 0o644)
			x.flaws, x.also = append(x.flaws, name), append(x.also, "job:"+name)
		case 1:
			name := x.write(t, "/var/spool/cron/crontabs/root", vars+"@daily "+x.text+"\n", 0o600)
			x.also = append(x.also, "job:"+name)
		default:
			script := "#!/bin/sh\n"
			for _, v := range x.vars {
				script += "export " + v + "\n"
			}
			name := x.write(t, "/etc/cron.daily/"+x.id, script+x.text+"\n", 0o755)
			x.flaws, x.also = append(x.flaws, name), append(x.also, "job:"+name)
			x.argv, x.env = []string{name}, map[string]string{"PATH": "/usr/bin:/bin", "HOME": "/root"}
		}
		what = "job " + x.form
		c, err = cron.ProgramsProtected{}.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	return what, c
}

// end removes the state.
func (x *executed) end(t *testing.T) {
	for _, name := range slices.Backward(x.files) {
		if err := os.RemoveAll(filepath.Join(x.tree, name)); err != nil {
			t.Fatal(err)
		}
	}
}

var (
	tracedPath  = regexp.MustCompile(`^(execve|openat|newfstatat|access|chdir)\((?:AT_FDCWD, )?"([^"]*)"(.*)$`)
	tracedChild = regexp.MustCompile(`^(?:clone|clone3|fork|vfork)\(.*= ([0-9]+)$`)
)

// run runs the command and returns what it ran, or looked for, by whole paths.
func (x *executed) run(t *testing.T) []string {
	t.Helper()
	logs := t.TempDir()
	args := []string{"-ff", "-qq", "-s", "4096", "-o", filepath.Join(logs, "t"), "-e", "trace=execve,openat,newfstatat,access,chdir,clone,clone3,fork,vfork", "--signal=none",
		"chroot", x.tree, "/usr/bin/env", "-i", "-C", x.dir}
	for k, v := range x.env {
		args = append(args, k+"="+v)
	}
	if x.env["PATH"] == "" {
		args = append(args, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
	}
	oracle.Code(t, "strace", append(args, x.argv...)...)
	entries, err := os.ReadDir(logs)
	if err != nil || len(entries) == 0 {
		t.Fatal("strace wrote nothing", err)
	}
	children := map[string]bool{}
	texts := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(logs, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		pid := strings.TrimPrefix(e.Name(), "t.")
		texts[pid] = string(b)
		for line := range strings.Lines(string(b)) {
			if m := tracedChild.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				children[m[1]] = true
			}
		}
	}
	found := map[string]bool{}
	var follow func(pid, dir string, inside bool)
	follow = func(pid, dir string, inside bool) {
		for line := range strings.Lines(texts[pid]) {
			line = strings.TrimSpace(line)
			if m := tracedChild.FindStringSubmatch(line); m != nil {
				follow(m[1], dir, inside)
				continue
			}
			m := tracedPath.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			name := m[2]
			if !strings.HasPrefix(name, "/") {
				name = path.Join(dir, name)
			}
			switch {
			case m[1] == "execve" && m[2] == "/usr/bin/env" && !inside:
				inside, dir = true, "/"
				continue
			case !inside:
			case m[1] == "chdir":
				if strings.HasSuffix(m[3], "= 0") {
					dir = name
				}
			case m[1] == "execve":
				found[name] = true
			case m[1] == "openat" && !strings.Contains(m[3], "O_DIRECTORY") && !strings.Contains(m[3], "O_WRONLY") && x.form != "not run":
				found[name] = true
			case m[1] == "newfstatat" && x.form == "in PATH" && path.Base(name) == "x":
				found[name] = true // where it is searched for
			}
		}
	}
	for pid := range texts {
		if !children[pid] {
			follow(pid, "/", false)
		}
	}
	var all []string
	for name := range found {
		all = append(all, path.Clean(name))
	}
	slices.Sort(all)
	return all
}

// changeable returns which of some paths somebody can change, asked of the kernel as that user.
func (x *executed) changeable(t *testing.T, names []string) []string {
	t.Helper()
	var script strings.Builder
	// way name: the folders on the way, links followed, and the name itself at the end.
	script.WriteString("w() { test -w \"$1\" || test -O \"$1\"; }\n")
	asked := map[string]bool{}
	ask := func(test, say string) {
		if line := test + " && echo " + quoted(say) + "\n"; !asked[line] {
			asked[line] = true
			script.WriteString(line)
		}
	}
	for _, name := range names {
		at, rest := "", strings.Split(strings.Trim(name, "/"), "/")
		for links := 0; len(rest) > 0 && links < 40; {
			next := path.Clean(at + "/" + rest[0])
			rest = rest[1:]
			folder := path.Dir(next)
			info, err := os.Lstat(filepath.Join(x.tree, next))
			if err != nil {
				ask("w "+quoted(folder), name+" by "+folder)
				break
			}
			// Who may write to the folder can put something else there, unless it is sticky.
			ask(fmt.Sprintf("{ test -O %s || { test -w %s && { ! test -k %s || test -O %s; }; }; }", quoted(folder), quoted(folder), quoted(folder), quoted(next)), name+" by "+folder)
			if info.Mode()&os.ModeSymlink != 0 {
				target, err := os.Readlink(filepath.Join(x.tree, next))
				if err != nil {
					t.Fatal(err)
				}
				if strings.HasPrefix(target, "/") {
					at = ""
				}
				rest = append(strings.Split(strings.Trim(target, "/"), "/"), rest...)
				links++
				continue
			}
			if at = next; len(rest) == 0 && info.Mode().IsRegular() {
				ask("w "+quoted(next), name)
			}
		}
	}
	script.WriteString("exit 0\n")
	out := oracle.RunWith(t, []byte(script.String()), "chroot", "--userspec=65534:65534", "--groups=", x.tree, "/bin/dash")
	return strings.Fields(strings.ReplaceAll(string(out), " by ", ":"))
}

// What root runs, and whether somebody else can change it, is what the kernel says of states that are
// made up: a pass is never given where somebody can.
func TestExecutedAgreesWithKernel(t *testing.T) {
	oracle.Need(t, "strace", "chroot")
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	oracle.Try(t, nil, "strace", "-o", "/dev/null", "chroot", tree, "/bin/true")
	// Only what a state makes is judged.
	for _, pattern := range []string{"usr/lib/systemd/system/*.service", "usr/lib/systemd/system/*.timer", "usr/lib/systemd/system/*.socket", "usr/lib/systemd/system/*.path", "lib/systemd/system/*.service",
		"etc/systemd/system/*.wants/*", "etc/systemd/system/*.service", "etc/cron.*/*", "etc/crontab", "etc/rc*.d/*", "etc/init.d/*"} {
		names, _ := filepath.Glob(filepath.Join(tree, pattern))
		for _, name := range names {
			if err := os.RemoveAll(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, dir := range []string{"etc/systemd/system/multi-user.target.wants", "srv/shared", "var/spool/cron/crontabs", "etc/cron.d", "etc/cron.daily"} {
		if err := os.MkdirAll(filepath.Join(tree, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(tree, "srv/shared"), 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	n, seed := 100, uint64(time.Now().UnixNano())
	if os.Getenv("HARDENING_LONG") == "1" {
		n = 1000
	}
	if s := os.Getenv("HARDENING_SEED"); s != "" {
		fmt.Sscan(s, &seed)
	}
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	counts := map[string]int{}
	for i := range n {
		x := &executed{r: r, tree: tree, id: fmt.Sprintf("g%d", i), env: map[string]string{}}
		what, c := x.begin(t)
		flaw := x.flaw(t)
		ran := x.run(t)
		names := slices.Clone(ran)
		for _, a := range x.also {
			_, name, _ := strings.Cut(a, ":")
			if strings.HasPrefix(a, "job:") || strings.HasPrefix(what, "unit") {
				names = append(names, name)
			}
		}
		can := x.changeable(t, names)
		cfg, err := inventory.Dir(tree)
		if err != nil {
			t.Fatal(err)
		}
		out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), []check.Compiled{{Rule: check.Rule{ID: "check"}, Check: c}}, check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := out[0].Result
		truth := "secure"
		if len(can) > 0 {
			truth = "insecure"
		}
		counts[truth]++
		counts[truth+" "+string(got.Status.String())]++
		switch {
		case truth == "insecure" && got.Status == check.Pass, got.Status == check.NotApplicable, got.Status == check.Error:
			t.Errorf("%s, %s, %v %v: got %s (%s) %v; ran %q, somebody can change %q", what, flaw, x.unit, x.text, got.Status, got.Message, got.Evidence, ran, can)
		case got.Status == check.Unknown || truth == "secure" && got.Status == check.Fail:
			t.Logf("%s, %s, %v %v: got %s (%s) %v; ran %q", what, flaw, x.unit, x.text, got.Status, got.Message, got.Evidence, ran)
		}
		x.end(t)
	}
	t.Logf("%d states: %v", n, counts)
	if unknown := counts["secure unknown"] + counts["insecure unknown"]; unknown*10 > n {
		t.Errorf("%d of %d are unknown", unknown, n)
	}
	if counts["insecure"]*5 < n {
		t.Errorf("%d of %d are insecure, want a fifth", counts["insecure"], n)
	}
}
