package main

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// questions are what a booted system is asked, by shell commands of its own.
var questions = map[string]string{
	"sysctl":      "sysctl -a",
	"sshd":        "sshd -T -C user=admin,host=client.example,addr=192.0.2.9",
	"ssh":         "su - admin -c 'ssh -G host.example'",
	"keys":        "for k in /etc/ssh/ssh_host_*_key.pub /home/*/.ssh/authorized_keys; do ssh-keygen -lf $k; done",
	"active":      "systemctl list-units --all --plain --no-legend --full | awk '{ print $1, $3 }'",
	"mounts":      "for d in /tmp /dev/shm /var/tmp /home; do echo $d $(findmnt -no TARGET --target $d | tail -n 1) $(findmnt -no OPTIONS --target $d | tail -n 1); done",
	"nft":         "nft list ruleset",
	"rules":       "auditctl -l",
	"audit":       "auditctl -s",
	"modules":     "lsmod | awk '{ print $1 }'",
	"modprobe":    "for m in cramfs freevxfs hfs hfsplus jffs2 dccp sctp rds tipc usb-storage firewire-core firewire-ohci; do echo $m: $(modprobe -n -v $m 2>&1 | tail -n 1); done",
	"apparmor":    "aa-status; aa-enabled",
	"swap":        "swapon --show --noheadings",
	"listens":     "ss -lntupH",
	"chrony":      "chronyc -n sources; grep -h '^server' /etc/chrony/sources.d/*",
	"sudo":        "sudo -l -U admin; visudo -c",
	"sudo-daemon": "sudo -l -U daemon",
	"passwd":      "passwd -S -a",
	"users":       "getent passwd",
	"groups":      "getent group",
	"shadow":      "getent shadow | awk -F: '{ print $1, substr($2, 1, 3) }'",
	"age":         "for u in root admin; do chage -l $u; done",
	"useradd":     "useradd -D",
	"umask":       "su - admin -c umask; su admin -c umask; su -s /bin/sh daemon -c umask",
	"core":        "su - admin -c 'ulimit -Hc'; su - root -c 'ulimit -Hc'",
	"timeout":     "su - admin -c 'declare -p TMOUT'",
	"path":        "for d in $(su - root -c 'echo $PATH' | tr : ' '); do [ ! -e $d ] || stat -Lc '%a %U %n' $d; done",
	"short":       "echo admin:kVq7-mZ2_xw | chpasswd",
	"guessable":   "echo admin:administrator-A1 | chpasswd; echo admin:Passwordpassword1 | chpasswd",
	"dpkg":        "dpkg-query -Wf '${db:Status-Abbrev} ${Package}\\n'",
	"dpkg-audit":  "dpkg --audit",
	"apt":         "apt-config dump",
	"lists":       "find /var/lib/apt/lists -name '*_Packages*' -mtime -8",
	"restart":     "ls /run/reboot-required",
	"flaws":       "grep . /sys/devices/system/cpu/vulnerabilities/*",
	"cmdline":     "cat /proc/cmdline; dmesg | grep 'audit: init'",
	"kernel":      "cat /boot/config-$(uname -r)",
	"signed":      "cat /sys/module/module/parameters/sig_enforce",
	"writable":    "find / -xdev -type f -perm -0002; find /dev/shm /tmp /var/tmp /run -xdev -type f -perm -0002",
	"sticky":      "find / /tmp /dev/shm /var/tmp -xdev -type d -perm -0002 ! -perm -1000",
	"unowned":     "find / -xdev '(' -nouser -o -nogroup ')' ! -path '/proc/*'",
	"setuid":      "find / -xdev -type f -perm /6000",
	"caps":        "getcap -r / 2>/dev/null",
	"journal":     "ls -d /var/log/journal/$(cat /etc/machine-id)/*.journal",
	"crontab":     "su -s /bin/sh daemon -c 'crontab -l'",
	"console":     "systemctl show -p ExecStart 'getty@*' 'serial-getty@*'; head -n 5 /etc/issue",
	"banners":     "cat /etc/issue /etc/issue.net /etc/motd; run-parts --lsbsysinit /etc/update-motd.d; cat /run/motd.dynamic",
	"conf.d":      "cat /etc/rsyslog.d/00-forward.conf; rsyslogd -N1",
	"auditd":      "grep -v '^#' /etc/audit/auditd.conf",
	"stat": `stat -c '%a %U %G %n' /etc/shadow* /etc/gshadow* /etc/passwd* /etc/group* /etc/ssh/* /etc/ssh/sshd_config.d /etc/ssh/sshd_config.d/* /home/*/.ssh/* \
/home/* /root /etc/audit /etc/audit/* /etc/audit/rules.d/* /usr/sbin/au* /etc/sudoers /etc/sudoers.d /etc/sudoers.d/* /etc/cron* /etc/issue* /etc/motd /boot/grub/* /var/log/audit /var/log/audit/* /usr/sbin /usr/bin /etc/crontab /etc/cron.*/*`,
}

// running are the questions of what runs, which are asked again after each fault.
var running = []string{"sysctl", "active", "mounts", "nft", "rules", "audit", "modules", "modprobe", "apparmor", "swap", "restart", "listens", "sshd"}

// said is what the questions were answered with.
type said map[string]string

// settings requires values of each setting of sysctl that a pattern names.
func settings(want ...string) func(said) string {
	return func(s said) string {
		seen := map[string]bool{}
		for line := range strings.Lines(s["sysctl"]) {
			key, value, ok := strings.Cut(strings.TrimSpace(line), " = ")
			for _, w := range want {
				pattern, values, _ := strings.Cut(w, "=")
				if match, _ := path.Match(pattern, key); !ok || !match {
					continue
				}
				seen[w] = true
				if !slices.Contains(strings.Split(values, "|"), value) {
					return strings.TrimSpace(line)
				}
			}
		}
		if len(seen) < len(want) {
			return fmt.Sprintf("sysctl knows of %v only", seen)
		}
		return ""
	}
}

// setting returns the value of one setting.
func (s said) setting(key string) string {
	m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(key) + ` = (.*)$`).FindStringSubmatch(s["sysctl"])
	if m == nil {
		return "none"
	}
	return m[1]
}

// effective requires of each interface what the kernel makes of its setting and of the one for all.
func effective(name string, greatest bool, want ...string) func(said) string {
	return func(s said) string {
		all := s.setting("net.ipv4.conf.all." + name)
		for _, dev := range []string{"default", "lo"} {
			v := s.setting("net.ipv4.conf." + dev + "." + name)
			if greatest {
				v = max(v, all)
			} else {
				v = min(v, all)
			}
			if !slices.Contains(want, v) {
				return dev + " " + name + " " + v
			}
		}
		return ""
	}
}

// every requires all of them.
func every(judges ...func(said) string) func(said) string {
	return func(s said) string {
		for _, j := range judges {
			if wrong := j(s); wrong != "" {
				return wrong
			}
		}
		return ""
	}
}

// has requires a match of each expression in the answer, a line at a time.
func has(name string, exprs ...string) func(said) string {
	return func(s said) string {
		for _, e := range exprs {
			if !regexp.MustCompile("(?m)" + e).MatchString(s[name]) {
				return fmt.Sprintf("%s: no %s in %.200q", name, e, s[name])
			}
		}
		return ""
	}
}

// lacks requires that no expression matches.
func lacks(name string, exprs ...string) func(said) string {
	return func(s said) string {
		for _, e := range exprs {
			if m := regexp.MustCompile("(?m)" + e).FindString(s[name]); m != "" {
				return name + ": " + m
			}
		}
		return ""
	}
}

// nothing requires that the program found nothing.
func nothing(name string) func(said) string {
	return func(s said) string { return strings.TrimSpace(s[name]) }
}

// modules requires that modprobe runs something else in the place of each module, and that the
// kernel has none of them.
func modules(names ...string) func(said) string {
	return func(s said) string {
		for _, m := range names {
			if wrong := has("modprobe", "^"+m+`: (install /bin/false|modprobe: FATAL: Module .* not found)`)(s); wrong != "" {
				return wrong
			}
			if wrong := lacks("modules", "^"+strings.ReplaceAll(m, "-", "_")+"$")(s); wrong != "" {
				return "loaded: " + wrong
			}
		}
		return ""
	}
}

// mounted requires that something is mounted at each folder itself, with the options.
func mounted(folders []string, options ...string) func(said) string {
	return func(s said) string {
		for _, d := range folders {
			line := regexp.MustCompile("(?m)^" + d + " " + d + " (.*)$").FindStringSubmatch(s["mounts"])
			if line == nil {
				return d + " is no mount"
			}
			for _, o := range options {
				if !slices.Contains(strings.Split(line[1], ","), o) {
					return line[0] + ": without " + o
				}
			}
		}
		return ""
	}
}

// number requires a value of sshd between two bounds.
func number(key string, from, to int) func(said) string {
	return func(s said) string {
		m := regexp.MustCompile("(?m)^" + key + ` (\d+)$`).FindStringSubmatch(s["sshd"])
		if m == nil {
			return "no " + key
		}
		if n, _ := strconv.Atoi(m[1]); n < from || n > to {
			return m[0]
		}
		return ""
	}
}

// runs requires that one of the units is active, and was not only started once.
func runs(units ...string) func(said) string {
	return func(s said) string {
		for _, u := range units {
			if has("active", "^"+regexp.QuoteMeta(u)+" active$")(s) == "" {
				return ""
			}
		}
		return fmt.Sprintf("none of %v is active", units)
	}
}

// modes requires of each file that matches that it has no bits beside those, and one of the owners
// and groups. At least one has to match.
func modes(files string, most uint64, group string) func(said) string {
	return func(s said) string {
		n := 0
		for line := range strings.Lines(s["stat"]) {
			f := strings.Fields(line)
			if len(f) != 4 || !regexp.MustCompile("^("+files+")$").MatchString(f[3]) {
				continue
			}
			n++
			if mode, _ := strconv.ParseUint(f[0], 8, 32); mode&^most != 0 || f[1] != "root" || !regexp.MustCompile("^("+group+")$").MatchString(f[2]) {
				return strings.TrimSpace(line)
			}
		}
		if n == 0 {
			return "stat knows no " + files
		}
		return ""
	}
}

// records requires rules of the kernel for each call, of both ways to call it.
func records(fields string, calls ...string) func(said) string {
	return func(s said) string {
		for _, arch := range []string{"b64", "b32"} {
			for _, c := range calls {
				if c == "stime" && arch == "b64" {
					continue
				}
				if wrong := has("rules", "^-a always,exit -F arch="+arch+` -S (\S*,)?`+c+`(,\S*)? `+fields)(s); wrong != "" {
					return arch + " " + c + ": no rule"
				}
			}
		}
		return ""
	}
}

// watches requires a rule of the kernel for each path.
func watches(paths ...string) func(said) string {
	return func(s said) string {
		for _, p := range paths {
			if has("rules", "^-w "+p+" -p wa")(s) != "" {
				return p + ": no rule"
			}
		}
		return ""
	}
}

// policy requires that each chain of the hook drops what no rule lets in, and that there is one.
func policy(hook string) func(said) string {
	return every(has("nft", "hook "+hook+" priority [^;]*; policy drop;"), lacks("nft", "hook "+hook+" priority [^;]*; policy accept;"))
}

// unique requires that no two lines have the same fields.
func unique(name string, fields ...int) func(said) string {
	return func(s said) string {
		for _, i := range fields {
			seen := map[string]bool{}
			for line := range strings.Lines(s[name]) {
				f := strings.Split(strings.TrimSpace(line), ":")
				if seen[f[i]] {
					return "twice: " + f[i]
				}
				seen[f[i]] = true
			}
		}
		return ""
	}
}

// groupsExist requires that each account's group is one.
func groupsExist(s said) string {
	all := map[string]bool{}
	for line := range strings.Lines(s["groups"]) {
		all[strings.Split(line, ":")[2]] = true
	}
	for line := range strings.Lines(s["users"]) {
		if f := strings.Split(line, ":"); !all[f[3]] {
			return "no group of " + line
		}
	}
	return ""
}

// systemLocked requires that accounts of programs have no password and no shell.
func systemLocked(s said) string {
	for line := range strings.Lines(s["users"]) {
		f := strings.Split(strings.TrimSpace(line), ":")
		if uid, _ := strconv.Atoi(f[2]); uid == 0 || uid >= 1000 && uid < 65000 {
			continue
		}
		if !regexp.MustCompile("(?m)^" + f[0] + " L ").MatchString(s["passwd"]) {
			return f[0] + " has a password"
		}
		if !regexp.MustCompile("/(nologin|false|sync)$").MatchString(f[6]) {
			return line
		}
	}
	return ""
}

// onlyKnown requires that what find printed is below what Debian's packages bring.
func onlyKnown(name, expr string) func(said) string {
	return func(s said) string {
		for line := range strings.Lines(s[name]) {
			if !regexp.MustCompile("^(" + expr + ")").MatchString(strings.TrimSpace(line)) {
				return line
			}
		}
		return ""
	}
}

// built requires options of the kernel.
func built(yes, no string) func(said) string {
	return func(s said) string {
		for o := range strings.FieldsSeq(yes) {
			if wrong := has("kernel", "^CONFIG_"+o+"=y$")(s); wrong != "" {
				return "no " + o
			}
		}
		for o := range strings.FieldsSeq(no) {
			if wrong := lacks("kernel", "^CONFIG_"+o+"=")(s); wrong != "" {
				return wrong
			}
		}
		return ""
	}
}

// notInstalled requires that no package of these is there.
func notInstalled(expr string) func(said) string { return lacks("dpkg", "^ii  ?("+expr+")$") }

func merge(tables ...map[string]func(said) string) map[string]func(said) string {
	all := map[string]func(said) string{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

// onlyListens requires that nothing waits for others at another port.
func onlyListens(ports ...string) func(said) string {
	return func(s said) string {
		for line := range strings.Lines(s["listens"]) {
			f := strings.Fields(line)
			if len(f) < 5 {
				continue
			}
			if at := f[4]; !slices.Contains(ports, at[strings.LastIndex(at, ":")+1:]) {
				return line
			}
		}
		return ""
	}
}
