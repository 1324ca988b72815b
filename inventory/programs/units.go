package programs

import (
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/services"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// execs are the settings with commands, systemd.service(5) and systemd.socket(5).
var execs = []string{"ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecReloadPost", "ExecStop", "ExecStopPre", "ExecStopPost"}

// otherRoots are settings with which programs are not those of the system's own tree.
var otherRoots = []string{"RootDirectory", "RootImage", "ExtensionImages", "ExtensionDirectories", "MountImages", "BindPaths", "BindReadOnlyPaths"}

// unitFolders hold the drop-ins of units, systemd.unit(5).
var unitFolders = []string{"etc/systemd/system.control", "etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system", "lib/systemd/system", "usr/lib/systemd/system"}

// Service returns what a service runs as root, and the files that say so: its unit file, drop-ins and
// their folders, files of the environment, commands. Without systemd it is the init script.
func (f *Follower) Service(units *systemd.Units, v services.Service) (Found, error) {
	f.begin()
	if v.Source != "" {
		f.use(v.Position, v.Source, "says what is run")
	}
	if units == nil {
		f.initScript(v)
		return f.end()
	}
	u, ok := units.Unit(v.Name)
	if !ok || u.Load != systemd.Loaded {
		if !ok && strings.HasSuffix(v.Name, ".service") { // made of an init script
			f.initScript(v)
		}
		return f.end()
	}
	if u.Path != "" {
		f.use(inventory.Position{Source: u.Path}, u.Path, "says what is run")
	}
	for _, d := range u.DropIns {
		f.use(inventory.Position{Source: d.Path}, d.Path, "says what is run")
	}
	f.dropInFolders(v, u)
	f.unit(u, v.Position)
	return f.end()
}

// initScript follows the script of a service.
func (f *Follower) initScript(v services.Service) {
	name := "etc/init.d/" + strings.TrimSuffix(v.Name, ".service")
	f.use(v.Position, name, "run")
	// The scripts of OpenRC and of Debian read these.
	for _, conf := range []string{"etc/conf.d/", "etc/default/"} {
		if conf += strings.TrimSuffix(v.Name, ".service"); f.look(conf) != nothing {
			f.use(v.Position, conf, "sourced")
		}
	}
	if f.look(name) == executable {
		f.program(newState(v.Position, "/"), "/"+name, []string{"start"}, true)
	}
}

// section returns the section of a unit with the settings of what it runs: Service, Socket.
func section(u *systemd.Unit) string {
	ending := u.ID[strings.LastIndexByte(u.ID, '.')+1:]
	if ending == "" {
		return "Service"
	}
	return strings.ToUpper(ending[:1]) + ending[1:]
}

// dropInFolders adds the folders that hold drop-ins of a unit, or would.
func (f *Follower) dropInFolders(v services.Service, u *systemd.Unit) {
	ending := path.Ext(u.ID)
	stem := strings.TrimSuffix(u.ID, ending)
	names := []string{u.ID + ".d", strings.TrimPrefix(ending, ".") + ".d", u.ID + ".wants", u.ID + ".requires"}
	if template, _, ok := strings.Cut(stem, "@"); ok {
		names = append(names, template+"@"+ending+".d")
	}
	for i, c := range []byte(stem) {
		if c == '-' && len(names) < 12 {
			names = append(names, stem[:i+1]+ending+".d")
		}
	}
	for _, dir := range unitFolders {
		if f.look(dir) != folder {
			f.search(v.Position, dir, "searched for units")
			continue
		}
		for _, name := range names {
			if f.look(dir+"/"+name) == folder {
				f.search(v.Position, dir+"/"+name, "searched for settings of the unit")
			}
		}
	}
}

// isSuperuser reports whether a user of a unit is root.
func (f *Follower) isSuperuser(user string) bool {
	if isRoot(user) || strings.Contains(user, "%") {
		return true
	}
	users, err := inventory.ParseOnce(f.ctx, f.sys, "etc/passwd", passwd.Parse)
	if err != nil && !inventory.IsAbsent(err, "etc/passwd") {
		f.fail(err)
	}
	return slices.ContainsFunc(users, func(u passwd.User) bool { return u.Name == user && u.UID == 0 })
}

// unit follows the commands of a unit.
func (f *Follower) unit(u *systemd.Unit, p inventory.Position) {
	user, _ := u.Lookup(section(u), "User")
	dynamic, _ := u.Lookup(section(u), "DynamicUser")
	isDynamic, _ := dynamic.Bool()
	asRoot := f.isSuperuser(user.Text) && !isDynamic
	startOnly, _ := u.Lookup(section(u), "PermissionsStartOnly")
	onlyStart, _ := startOnly.Bool()
	st := f.unitState(u, p)
	rooted := false
	for _, key := range execs {
		for _, v := range u.Values(section(u), key) {
			commands, err := systemd.ParseCommand(v.Text)
			if err != nil && len(commands) == 0 {
				continue // systemd does not run it either
			}
			for _, c := range commands {
				if !asRoot && !strings.ContainsAny(c.Prefix, "+!") && (!onlyStart || key == "ExecStart") {
					continue
				}
				rooted = true
				f.exec(st.copy(), u, v, c)
			}
		}
	}
	if !rooted {
		return
	}
	for _, key := range otherRoots {
		if v, ok := u.Lookup(section(u), key); ok && v.Text != "/" {
			if name := strings.TrimLeft(v.Text, "-+"); strings.HasPrefix(key, "Root") && strings.HasPrefix(name, "/") && !strings.Contains(name, "%") {
				f.use(v.Position, name, "the root of a program")
			}
			f.doubt(v.Position, key+"= gives the programs another tree")
		}
	}
}

// unitState returns what the commands of a unit find: folder and environment.
func (f *Follower) unitState(u *systemd.Unit, p inventory.Position) *state {
	st := newState(p, "/")
	if v, ok := u.Lookup(section(u), "WorkingDirectory"); ok {
		dir, known := specify(u, strings.TrimPrefix(v.Text, "-"))
		switch {
		case dir == "~":
			st.dir = "/root"
		case known && strings.HasPrefix(dir, "/"):
			st.dir = path.Clean(dir)
		default:
			st.dir = ""
		}
	}
	f.managerEnvironment(st)
	if v, ok := u.Lookup(section(u), "StandardInput"); ok {
		if name, ok := strings.CutPrefix(v.Text, "file:"); ok && strings.HasPrefix(name, "/") && !strings.Contains(name, "%") {
			f.use(v.Position, name, "read as input")
		}
	}
	for _, v := range u.Values(section(u), "Environment") {
		list, _ := systemd.Split(v.Text)
		for _, w := range list {
			if name, value, ok := strings.Cut(w, "="); ok {
				f.variable(st, u, v.Position, name, value)
			}
		}
	}
	for _, v := range u.Values(section(u), "EnvironmentFile") {
		f.environmentFile(st, u, v)
	}
	for _, v := range u.Values(section(u), "PassEnvironment") {
		for _, name := range strings.Fields(v.Text) {
			st.vars[name] = nil
		}
	}
	return st
}

// managerEnvironment sets what the manager gives to all services, systemd-system.conf(5).
func (f *Follower) managerEnvironment(st *state) {
	for _, pattern := range []string{"etc/systemd/system.conf", "usr/lib/systemd/system.conf", "etc/systemd/system.conf.d/*.conf", "run/systemd/system.conf.d/*.conf", "usr/local/lib/systemd/system.conf.d/*.conf", "usr/lib/systemd/system.conf.d/*.conf"} {
		for _, l := range f.managerLines(pattern) {
			list, _ := systemd.Split(l.Value)
			for _, w := range list {
				if name, value, ok := strings.Cut(w, "="); ok {
					c := *st
					c.pos = l.Position
					f.assign(&c, name, []string{value})
					st.paths = c.paths
				}
			}
		}
	}
}

// managerLines returns the lines of files of the manager that set variables. They are read once.
func (f *Follower) managerLines(pattern string) []inventory.Setting {
	if all, ok := f.manager[pattern]; ok {
		return all
	}
	names := []string{pattern}
	if strings.Contains(pattern, "*") {
		some, err := f.sys.Glob(f.ctx, pattern)
		f.fail(err)
		names = some
	}
	var all []inventory.Setting
	for _, name := range names {
		if f.look(name) != plain && f.look(name) != executable {
			continue
		}
		b, err := f.sys.ReadOnce(f.ctx, name)
		if err != nil {
			f.fail(err)
			return nil
		}
		n := 0
		for line := range strings.Lines(string(b)) {
			n++
			key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
			if key = strings.TrimSpace(key); ok && (key == "DefaultEnvironment" || key == "ManagerEnvironment") && len(all) < maxValues {
				all = append(all, inventory.Setting{Name: key, Value: strings.TrimSpace(value), Position: inventory.Position{Source: name, Line: n}})
			}
		}
	}
	if f.manager == nil {
		f.manager = map[string][]inventory.Setting{}
	}
	f.manager[pattern] = all
	return all
}

// variable sets a variable of a unit.
func (f *Follower) variable(st *state, u *systemd.Unit, p inventory.Position, name, value string) {
	c := *st
	c.pos = p
	text, ok := specify(u, value)
	if ok {
		f.assign(&c, name, []string{text})
	} else {
		f.assign(&c, name, nil)
	}
	st.paths = c.paths[:1:1] // one PATH alone is in effect
	if name != "PATH" {
		st.paths = c.paths
	}
}

// environmentFile reads a file of variables: who may write to it says what programs load.
func (f *Follower) environmentFile(st *state, u *systemd.Unit, v systemd.Value) {
	name, ok := specify(u, strings.TrimPrefix(v.Text, "-"))
	name = strings.TrimPrefix(path.Clean(name), "/")
	if ofKernel(name) {
		return // what the kernel was started with, such as proc/cmdline
	}
	if !ok || !filetree.ValidName(name) {
		f.doubt(v.Position, "a file of variables whose name is worked out")
		return
	}
	names := []string{name}
	if strings.ContainsAny(name, "*?[") {
		f.search(v.Position, path.Dir(name), "searched for files of variables")
		some, err := f.sys.Glob(f.ctx, name)
		if err != nil {
			f.fail(err)
			return
		}
		names = some
	}
	for _, name := range names {
		f.use(v.Position, name, "read for variables")
		if kind := f.look(name); kind != plain && kind != executable {
			continue
		}
		b, err := f.sys.ReadOnce(f.ctx, name)
		if err != nil && !inventory.IsAbsent(err, name) {
			f.fail(err)
			return
		}
		for x, err := range shellvar.All(b) {
			if err != nil {
				continue // systemd passes over the line
			}
			if err := f.left.Items(1); err != nil {
				f.fail(err)
				return
			}
			c := *st
			c.pos = inventory.Position{Source: name, Line: x.Line}
			f.assign(&c, x.Key, []string{x.Value})
			if st.paths = c.paths; x.Key == "PATH" {
				st.paths = c.paths[:1:1]
			}
		}
	}
}

// exec follows one command line of a unit.
func (f *Follower) exec(st *state, u *systemd.Unit, v systemd.Value, c systemd.Command) {
	st.pos = v.Position
	name, ok := specify(u, c.Path)
	if !ok {
		name = unknown
	}
	argv := []string{name}
	for _, a := range c.Args {
		a, ok := specify(u, a)
		switch {
		case !ok:
			argv = append(argv, unknown)
		case strings.Contains(c.Prefix, ":"):
			argv = append(argv, a)
		default:
			argv = append(argv, f.variables(st, a)...)
		}
	}
	if strings.Contains(c.Prefix, "|") { // run by a login shell
		f.login(st)
	}
	if !strings.Contains(name, "/") && name != unknown {
		// The manager searches in folders of its own, not in the PATH of the unit.
		own := newState(v.Position, "/")
		if list := u.Values(section(u), "ExecSearchPath"); len(list) > 0 {
			var dirs []string
			for _, s := range list {
				dirs = append(dirs, strings.Split(s.Text, ":")...)
			}
			own.paths = [][]string{dirs}
		}
		if argv[0] = f.find(own, name); argv[0] == "" {
			return
		}
	}
	f.run(st, argv, false)
}

// variables replaces the variables in an argument: "$NAME" as a word of its own is split, "${NAME}"
// is not, and what is not set is empty, systemd.service(5).
func (f *Follower) variables(st *state, a string) []string {
	if name, ok := strings.CutPrefix(a, "$"); ok && name != "" && nameLen(name) == len(name) {
		values, set := st.vars[name]
		switch {
		case name == "PATH":
			return []string{strings.Join(st.paths[0], ":")}
		case !set:
			return nil
		case values == nil:
			return []string{unknown}
		}
		words, err := systemd.Split(values[0])
		if err != nil {
			return []string{unknown}
		}
		return words
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(a, "$")
		b.WriteString(before)
		if !ok {
			return []string{b.String()}
		}
		if after, ok := strings.CutPrefix(rest, "$"); ok {
			b.WriteByte('$')
			a = after
			continue
		}
		name, after, ok := strings.Cut(strings.TrimPrefix(rest, "{"), "}")
		if !strings.HasPrefix(rest, "{") || !ok {
			b.WriteByte('$')
			a = rest
			continue
		}
		switch values, set := st.vars[name]; {
		case name == "PATH":
			b.WriteString(strings.Join(st.paths[0], ":"))
		case set && values == nil:
			return []string{unknown}
		case set:
			if err := f.left.Expanded(len(values[0])); err != nil {
				f.fail(err)
				return nil
			}
			b.WriteString(values[0])
		}
		a = after
	}
}

// specify replaces the specifiers of a system unit, systemd.unit(5). It is false where one is not
// known before the unit runs.
func specify(u *systemd.Unit, s string) (string, bool) {
	if !strings.Contains(s, "%") {
		return s, true
	}
	stem := u.Name[:max(strings.LastIndexByte(u.Name, '.'), 0)]
	prefix, instance, _ := strings.Cut(stem, "@")
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i++; i == len(s) {
			return "", false
		}
		switch s[i] {
		case '%':
			b.WriteByte('%')
		case 'n':
			b.WriteString(u.Name)
		case 'N':
			b.WriteString(stem)
		case 'p':
			b.WriteString(prefix)
		case 'i':
			b.WriteString(instance)
		case 't':
			b.WriteString("/run")
		case 'S':
			b.WriteString("/var/lib")
		case 'C':
			b.WriteString("/var/cache")
		case 'L':
			b.WriteString("/var/log")
		case 'E':
			b.WriteString("/etc")
		case 'T':
			b.WriteString("/tmp")
		case 'V':
			b.WriteString("/var/tmp")
		case 'h':
			b.WriteString("/root")
		case 'u':
			b.WriteString("root")
		case 'U', 'G':
			b.WriteString("0")
		case 'g':
			b.WriteString("root")
		case 's':
			b.WriteString("/bin/sh")
		default:
			return "", false
		}
	}
	return b.String(), true
}
