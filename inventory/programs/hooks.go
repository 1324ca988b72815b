package programs

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/accounts/passwd"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
	"github.com/hardening-sdk/hardening/inventory/packages/apt"
)

// Hook is a group of files that root runs when something happens.
type Hook struct {
	Name   string // such as "start files of shells"
	Daemon string // the user of the daemon that reads the files, where it may own them
	Found
	Err error // of a read
}

// sourced are files that shells of root read, bash(1), zsh(1), ksh(1), pam_env(8), and the boot.
var sourced = []string{"etc/profile", "etc/profile.d/*", "etc/bash.bashrc", "etc/bashrc", "etc/bash_completion.d/*", "etc/bash.bash_logout", "etc/zsh/*", "etc/zshenv", "etc/zshrc", "etc/zprofile", "etc/zlogin", "etc/ksh.kshrc", "etc/csh.cshrc", "etc/csh.login",
	"etc/environment", "etc/environment.d/*", "etc/security/pam_env.conf", "etc/inputrc", "etc/ssh/sshrc"}

// ofHome are those in the home folders of root and other accounts with the user ID 0.
var ofHome = []string{".profile", ".bash_profile", ".bash_login", ".bashrc", ".bash_aliases", ".bash_logout", ".zshenv", ".zshrc", ".zprofile", ".zlogin", ".kshrc", ".cshrc", ".tcshrc", ".login", ".pam_environment", ".ssh", ".ssh/rc", ".ssh/environment",
	".config", ".vimrc", ".inputrc", ".selected_editor"}

// homes returns the home folders of accounts with the user ID 0.
func (f *Follower) homes() []string {
	all := []string{"root"}
	users, err := inventory.ParseOnce(f.ctx, f.sys, "etc/passwd", passwd.Parse)
	if err != nil && !inventory.IsAbsent(err, "etc/passwd") {
		f.fail(err)
	}
	for _, u := range users {
		home := strings.TrimPrefix(path.Clean(u.Home), "/")
		if u.UID == 0 && strings.HasPrefix(u.Home, "/") && home != "" && !slices.Contains(all, home) && filetree.ValidName(home) && len(all) < maxValues {
			all = append(all, home)
		}
	}
	return all
}

// runFolders are folders whose programs are run: at boot, by pam_motd(8), run-parts(8), interfaces(5),
// dhclient-script(8), NetworkManager-dispatcher(8), pppd(8), systemd.generator(7), systemd-sleep(8) and
// kernel packages.
var runFolders = []string{"etc/rc.local", "etc/rc.d/rc.local", "etc/rc.d/init.d/*", "etc/init.d/*", "etc/local.d/*", "etc/update-motd.d/*", "etc/network/if-up.d/*", "etc/network/if-pre-up.d/*", "etc/network/if-down.d/*", "etc/network/if-post-down.d/*",
	"etc/dhcp/dhclient-enter-hooks", "etc/dhcp/dhclient-exit-hooks", "etc/dhcp/dhclient-enter-hooks.d/*", "etc/dhcp/dhclient-exit-hooks.d/*", "etc/dhcp/dhclient.d/*", "etc/dhcpcd.enter-hook", "etc/dhcpcd.exit-hook", "lib/dhcpcd/dhcpcd-hooks/*", "usr/lib/dhcpcd/dhcpcd-hooks/*", "etc/resolvconf/update.d/*",
	"etc/NetworkManager/dispatcher.d/*", "etc/NetworkManager/dispatcher.d/*.d/*", "usr/lib/NetworkManager/dispatcher.d/*", "usr/lib/NetworkManager/dispatcher.d/*.d/*", "etc/networkd-dispatcher/*.d/*", "usr/lib/networkd-dispatcher/*.d/*", "etc/ppp/ip-up", "etc/ppp/ip-down", "etc/ppp/ip-up.d/*", "etc/ppp/ip-down.d/*", "etc/ppp/ipv6-up.d/*", "etc/ppp/ipv6-down.d/*",
	"etc/systemd/system-generators/*", "usr/local/lib/systemd/system-generators/*", "usr/lib/systemd/system-generators/*", "lib/systemd/system-generators/*", "etc/systemd/system-environment-generators/*", "usr/lib/systemd/system-environment-generators/*",
	"etc/systemd/system-shutdown/*", "usr/lib/systemd/system-shutdown/*", "lib/systemd/system-shutdown/*", "etc/systemd/system-sleep/*", "usr/lib/systemd/system-sleep/*", "lib/systemd/system-sleep/*", "etc/pm/sleep.d/*", "etc/pm/power.d/*", "etc/acpi/*", "etc/acpi/events/*",
	"etc/kernel/preinst.d/*", "etc/kernel/postinst.d/*", "etc/kernel/prerm.d/*", "etc/kernel/postrm.d/*", "etc/kernel/install.d/*", "usr/lib/kernel/install.d/*", "etc/initramfs-tools/hooks/*", "etc/initramfs-tools/scripts/*/*", "etc/initramfs/post-update.d/*", "etc/grub.d/*", "etc/libpam-script/*"}

// aptHooks are the settings of APT with commands, apt.conf(5).
var aptHooks = []string{"DPkg::Pre-Invoke", "DPkg::Post-Invoke", "DPkg::Pre-Install-Pkgs", "APT::Update::Pre-Invoke", "APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success", "APT::Install::Pre-Invoke", "APT::Install::Post-Invoke-Success", "AptCli::Hooks::Install",
	"AptCli::Hooks::Upgrade", "AptCli::Hooks::Search", "Unattended-Upgrade::PreInvoke"}

// aptPrograms are settings that name one program.
var aptPrograms = []string{"Dir::Bin::dpkg", "Dir::Bin::apt-get", "Dir::Bin::apt-key", "Dir::Bin::gpgv", "Dir::Bin::gzip", "APT::Keep-Fds", "Acquire::http::Proxy-Auto-Detect", "Acquire::http::ProxyAutoDetect"}

const polkitHook = "actions of polkit"

// Hooks returns what root runs when something happens: a login, the start of the system, a device, a
// message on the bus, a change of the network, an update of packages, a rotation of logs, a crash.
func (f *Follower) Hooks() []Hook {
	var all []Hook
	doing := map[string]bool{} // a script is followed once for all groups
	group := func(name string, collect func()) {
		f.begin()
		f.doing = doing
		collect()
		found, err := f.end()
		if err != nil || len(found.Uses) > 0 {
			found.Unknown = nil // texts of packages, of which what is worked out is passed over
			h := Hook{Name: name, Found: found, Err: err}
			if name == polkitHook {
				h.Daemon = "polkitd" // who decides by these files, and owns their folder on Red Hat
			}
			all = append(all, h)
		}
	}
	group("start files of shells", f.startFiles)
	group("programs at boot and on events", f.runFolders)
	group("rules of udev", f.udev)
	group("services of D-Bus", f.dbus)
	group("commands of networks", f.interfaces)
	group("commands of init", f.inittab)
	group(polkitHook, f.polkit)
	group("scripts of logrotate", f.logrotate)
	group("hooks of dpkg and APT", f.apt)
	group("commands of modprobe", f.modprobe)
	group("programs of the kernel", f.crash)
	group("programs that daemons are told", f.daemons)
	return all
}

// matching returns the names that a pattern matches, and adds the folder in which they are.
func (f *Follower) matching(pattern string) []string {
	if !strings.ContainsAny(pattern, "*?[") {
		return []string{pattern}
	}
	if dir := path.Dir(pattern); !strings.ContainsAny(dir, "*?[") {
		if f.look(dir) != folder {
			if parent := path.Dir(dir); f.look(parent) == folder {
				f.use(inventory.Position{Source: dir}, dir, "searched for files")
			}
			return nil
		}
		f.search(inventory.Position{Source: dir}, dir, "searched for files")
	}
	names, err := f.sys.Glob(f.ctx, pattern)
	f.fail(err)
	return names
}

// loose returns a state for texts of which what is worked out is passed over.
func loose(p inventory.Position) *state {
	st := newState(p, "/")
	st.strict = false
	return st
}

func (f *Follower) startFiles() {
	all := slices.Clone(sourced)
	for _, home := range f.homes() {
		all = append(all, home)
		for _, name := range ofHome {
			all = append(all, home+"/"+name)
		}
	}
	for _, pattern := range all {
		for _, name := range f.matching(pattern) {
			p := inventory.Position{Source: name}
			f.use(p, name, "sourced")
			if base := path.Base(name); strings.HasPrefix(name, "etc/profile") || strings.HasPrefix(name, "etc/bash") || strings.HasPrefix(base, ".bash") || base == ".profile" {
				if kind := f.look(name); kind == plain || kind == executable {
					f.follow(loose(p), "/"+name, nil)
				}
			}
		}
	}
	// What pam_env(8) sets for every session.
	for _, pattern := range []string{"etc/environment", "etc/environment.d/*"} {
		f.lines(pattern, "sourced", func(p inventory.Position, line string) {
			name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
			if value = strings.Trim(value, "\"' \t"); ok && loaders[name] != 0 && !strings.Contains(value, "$") {
				f.assign(loose(p), name, []string{value})
			}
		})
	}
}

func (f *Follower) runFolders() {
	for _, pattern := range runFolders {
		for _, name := range f.matching(pattern) {
			p := inventory.Position{Source: name}
			switch f.look(name) {
			case executable:
				f.use(p, name, "run")
				f.program(loose(p), "/"+name, nil, true)
			case plain:
				f.use(p, name, "sourced")
			default:
				f.use(p, name, "run")
			}
		}
	}
}

// lines yields the lines of the files that a pattern matches, which are used as says.
func (f *Follower) lines(pattern, as string, each func(p inventory.Position, line string)) {
	for _, name := range f.matching(pattern) {
		if kind := f.look(name); kind != plain && kind != executable {
			f.use(inventory.Position{Source: name}, name, as)
			continue
		}
		f.use(inventory.Position{Source: name}, name, as)
		real, _, err := f.ways.Real(f.ctx, f.sys, name)
		if err != nil {
			f.fail(err)
			return
		}
		if f.doing["lines "+real] { // by another name
			continue
		}
		f.doing["lines "+real] = true
		if shared(name) {
			real = name
		}
		b, err := f.sys.ReadOnce(f.ctx, real)
		if err != nil {
			if !inventory.IsAbsent(err, real) {
				f.fail(err)
			}
			continue
		}
		n := 0
		for line := range bytes.Lines(b) {
			n++
			if err := f.left.Items(1); err != nil {
				f.fail(fmt.Errorf("%s: %w", name, err))
				return
			}
			each(inventory.Position{Source: name, Line: n}, strings.TrimRight(string(line), "\r\n"))
		}
	}
}

// udevCommand matches what a rule of udev(7) runs.
var udevCommand = regexp.MustCompile(`(?:RUN(?:\{program\})?|PROGRAM|IMPORT\{program\})[ \t]*[-+=!:]*=[ \t]*"([^"]*)"`)

func (f *Follower) udev() {
	for _, dir := range []string{"etc/udev/rules.d", "run/udev/rules.d", "usr/local/lib/udev/rules.d", "usr/lib/udev/rules.d", "lib/udev/rules.d"} {
		f.lines(dir+"/*.rules", "says what is run", func(p inventory.Position, line string) {
			if strings.HasPrefix(strings.TrimSpace(line), "#") {
				return
			}
			for _, m := range udevCommand.FindAllStringSubmatch(line, -1) {
				f.udevRun(p, m[1])
			}
		})
	}
}

// udevRun follows a command of udev. A name without a path is one in the folder of udev.
func (f *Follower) udevRun(p inventory.Position, text string) {
	argv := splitQuoted(text)
	if len(argv) == 0 || strings.ContainsAny(argv[0], "$%") && !strings.Contains(argv[0], "/") {
		return
	}
	for i := range argv {
		if strings.ContainsAny(argv[i], "$%") && !strings.ContainsAny(argv[i], " ;") {
			argv[i] = unknown
		}
	}
	if !strings.Contains(argv[0], "/") && argv[0] != unknown {
		dir := "/usr/lib/udev/"
		if f.look("usr/lib/udev/"+argv[0]) == nothing {
			dir = "/lib/udev/"
		}
		argv[0] = dir + argv[0]
	}
	f.run(loose(p), argv, false)
}

// splitQuoted splits a text at blanks, but for those in single quotes.
func splitQuoted(text string) []string {
	var all []string
	for text = strings.TrimLeft(text, " \t"); text != ""; text = strings.TrimLeft(text, " \t") {
		if rest, ok := strings.CutPrefix(text, "'"); ok {
			word, after, _ := strings.Cut(rest, "'")
			all, text = append(all, word), after
			continue
		}
		end := strings.IndexAny(text, " \t")
		if end < 0 {
			end = len(text)
		}
		all, text = append(all, text[:end]), text[end:]
	}
	return all
}

func (f *Follower) dbus() {
	for _, dir := range []string{"etc/dbus-1/system-services", "usr/local/share/dbus-1/system-services", "usr/share/dbus-1/system-services", "lib/dbus-1/system-services"} {
		f.lines(dir+"/*.service", "says what is run", func(p inventory.Position, line string) {
			if text, ok := strings.CutPrefix(line, "Exec="); ok {
				if argv := splitQuoted(strings.TrimSpace(text)); len(argv) > 0 {
					f.run(loose(p), argv, false)
				}
			}
		})
	}
	for _, pattern := range []string{"etc/dbus-1/system.d/*", "usr/share/dbus-1/system.d/*", "etc/dbus-1/system.conf", "usr/share/dbus-1/system.conf"} {
		for _, name := range f.matching(pattern) {
			f.use(inventory.Position{Source: name}, name, "says what is run")
		}
	}
}

// polkitPath matches the program that an action of polkit(8) lets people run, pkexec(1).
var polkitPath = regexp.MustCompile(`org\.freedesktop\.policykit\.exec\.(?:path|argv1)"[^>]*>[ \t]*(/[^<]*[^< \t])`)

func (f *Follower) polkit() {
	for _, pattern := range []string{"etc/polkit-1/rules.d/*", "usr/local/share/polkit-1/rules.d/*", "usr/share/polkit-1/rules.d/*", "etc/polkit-1/localauthority/*/*", "var/lib/polkit-1/localauthority/*/*"} {
		for _, name := range f.matching(pattern) {
			f.use(inventory.Position{Source: name}, name, "says who may run what")
		}
	}
	for _, dir := range []string{"etc/polkit-1/actions", "usr/local/share/polkit-1/actions", "usr/share/polkit-1/actions"} {
		f.lines(dir+"/*.policy", "says what is run", func(p inventory.Position, line string) {
			for _, m := range polkitPath.FindAllStringSubmatch(line, -1) {
				f.run(loose(p), []string{m[1]}, false)
			}
		})
	}
}

// logrotateScripts are the words that begin a script, logrotate(8).
var logrotateScripts = []string{"postrotate", "prerotate", "firstaction", "lastaction", "preremove"}

func (f *Follower) logrotate() {
	todo := []string{"etc/logrotate.conf", "etc/logrotate.d/*"}
	for n := 0; n < len(todo) && n < maxValues; n++ {
		pattern := todo[n]
		var text strings.Builder
		var begin inventory.Position
		inside := false
		f.lines(pattern, "says what is run", func(p inventory.Position, line string) {
			word := strings.TrimSpace(line)
			if w := strings.Fields(line); !inside && len(w) == 2 && strings.HasPrefix(w[1], "/") {
				switch w[0] {
				case "include":
					included := strings.TrimPrefix(path.Clean(w[1]), "/")
					if f.look(included) == folder {
						included += "/*"
					}
					if !slices.Contains(todo, included) {
						todo = append(todo, included)
					}
				case "compresscmd", "uncompresscmd":
					f.run(loose(p), []string{w[1]}, false)
				}
			}
			switch {
			case inside && word == "endscript":
				f.text(loose(begin), text.String())
				inside = false
			case inside:
				text.WriteString(line + "\n")
			case slices.Contains(logrotateScripts, word):
				inside, begin = true, p
				text.Reset()
			}
		})
	}
}

func (f *Follower) apt() {
	for _, pattern := range []string{"etc/apt/apt.conf", "etc/apt/apt.conf.d/*"} {
		for _, name := range f.matching(pattern) {
			f.use(inventory.Position{Source: name}, name, "says what is run")
		}
	}
	// dpkg(1) has some of its own.
	for _, pattern := range []string{"etc/dpkg/dpkg.cfg", "etc/dpkg/dpkg.cfg.d/*"} {
		f.lines(pattern, "says what is run", func(p inventory.Position, line string) {
			for _, key := range []string{"pre-invoke", "post-invoke", "status-logger"} {
				if text, ok := strings.CutPrefix(strings.TrimSpace(line), key); ok {
					f.text(loose(p), strings.Trim(strings.TrimLeft(text, " \t="), "\"'"))
				}
			}
		})
	}
	c, err := apt.Fact.Of(f.ctx, f.sys)
	if errors.Is(err, inventory.ErrAbsent) {
		return
	}
	if err != nil {
		f.fail(err)
		return
	}
	for _, name := range aptHooks {
		for _, v := range c.List(name) {
			f.text(loose(v.Position), v.Value)
		}
	}
	for _, name := range aptPrograms {
		if v, ok := c.Lookup(name); ok && strings.HasPrefix(v.Value, "/") {
			f.run(loose(v.Position), []string{v.Value}, false)
		}
	}
}

// networkCommands are the words of interfaces(5) before a command.
var networkCommands = []string{"up", "pre-up", "post-up", "down", "pre-down", "post-down"}

func (f *Follower) interfaces() {
	for _, pattern := range []string{"etc/network/interfaces", "etc/network/interfaces.d/*"} {
		f.lines(pattern, "says what is run", func(p inventory.Position, line string) {
			word, text, ok := strings.Cut(strings.TrimSpace(line), " ")
			if ok && slices.Contains(networkCommands, word) {
				f.text(loose(p), text)
			}
		})
	}
}

// inittab follows inittab(5), which systemd does not read.
func (f *Follower) inittab() {
	f.lines("etc/inittab", "says what is run", func(p inventory.Position, line string) {
		if w := strings.SplitN(line, ":", 4); len(w) == 4 && !strings.HasPrefix(line, "#") {
			f.text(loose(p), w[3])
		}
	})
}

func (f *Follower) modprobe() {
	for _, dir := range []string{"etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d", "lib/modprobe.d", "usr/lib/modprobe.d"} {
		f.lines(dir+"/*.conf", "says what is run", func(p inventory.Position, line string) {
			w := strings.Fields(line)
			if len(w) > 2 && (w[0] == "install" || w[0] == "remove") {
				f.text(loose(p), strings.Join(w[2:], " "))
			}
		})
	}
}

// binary matches what comes after a name and a sign or blanks: the path of a program.
var binary = regexp.MustCompile(`^[ \t]*(path|server|PROGRAM)[ \t]*=?[ \t]*(/[^ \t#]+)`)

// daemons follows the programs that auditd-plugins(5), xinetd(8), inetd(8), mdadm.conf(5),
// crypttab(5) and binfmt.d(5) name.
func (f *Follower) daemons() {
	for _, pattern := range []string{"etc/audit/plugins.d/*.conf", "etc/audisp/plugins.d/*.conf", "etc/xinetd.d/*", "etc/mdadm/mdadm.conf", "etc/mdadm.conf"} {
		f.lines(pattern, "says what is run", func(p inventory.Position, line string) {
			if m := binary.FindStringSubmatch(line); m != nil {
				f.run(loose(p), []string{m[2]}, false)
			}
		})
	}
	f.lines("etc/inetd.conf", "says what is run", func(p inventory.Position, line string) {
		if w := strings.Fields(line); len(w) > 5 && !strings.HasPrefix(line, "#") && strings.HasPrefix(w[4], "root") && strings.HasPrefix(w[5], "/") {
			f.run(loose(p), append([]string{w[5]}, w[min(7, len(w)):]...), false)
		}
	})
	f.lines("etc/crypttab", "says what is run", func(p inventory.Position, line string) {
		if w := strings.Fields(line); len(w) > 3 && !strings.HasPrefix(w[0], "#") {
			for o := range strings.SplitSeq(w[3], ",") {
				if v, ok := strings.CutPrefix(o, "keyscript="); ok && strings.HasPrefix(v, "/") {
					f.run(loose(p), []string{v}, false)
				}
			}
		}
	})
	for _, dir := range []string{"etc/binfmt.d", "run/binfmt.d", "usr/local/lib/binfmt.d", "usr/lib/binfmt.d"} {
		f.lines(dir+"/*.conf", "says what is run", func(p inventory.Position, line string) {
			if line == "" || strings.ContainsAny(line[:1], "#;") {
				return
			}
			if w := strings.Split(line, line[:1]); len(w) > 6 && strings.HasPrefix(w[6], "/") {
				f.run(loose(p), []string{w[6]}, false)
			}
		})
	}
}

// kernelPrograms are keys of the kernel whose value is the path of a program, sysctl/kernel.rst of
// its documentation.
var kernelPrograms = []string{"kernel/modprobe", "kernel/hotplug", "kernel/poweroff_cmd"}

// corePattern is the key of the kernel with the program for images of crashed ones, core(5).
const corePattern = "kernel/core_pattern"

func (f *Follower) crash() {
	all, err := sysctl.Configured.Of(f.ctx, f.sys)
	if err != nil {
		f.fail(err)
		return
	}
	take := func(p inventory.Position, value string) {
		if text, ok := strings.CutPrefix(value, "|"); ok {
			if argv := strings.Fields(text); len(argv) > 0 {
				f.run(loose(p), argv, false)
			}
		}
	}
	for _, a := range all {
		if slices.Contains(kernelPrograms, a.Key) && strings.HasPrefix(a.Value, "/") {
			f.run(loose(a.Position), strings.Fields(a.Value), false)
		}
		if a.Key == corePattern {
			f.use(a.Position, a.Source, "says what is run")
			take(a.Position, a.Value)
		}
	}
	if f.sys.Live() {
		switch v, err := sysctl.Fact.Of(f.ctx, f.sys, corePattern); {
		case err == nil:
			take(v.Position, v.Value)
		case !errors.Is(err, inventory.ErrAbsent) && !errors.Is(err, inventory.ErrNotLive):
			f.fail(err)
		}
	}
}
