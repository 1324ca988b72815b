package attack

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// odd puts bytes into a text that no administrator writes.
var odd = map[string]func(text []byte, at int) []byte{
	"NUL":       func(b []byte, at int) []byte { return slices.Insert(b, at, 0) },
	"CR":        func(b []byte, at int) []byte { return slices.Insert(b, at, '\r') },
	"VT":        func(b []byte, at int) []byte { return slices.Insert(b, at, '\v') },
	"FF":        func(b []byte, at int) []byte { return slices.Insert(b, at, '\f') },
	"NBSP":      func(b []byte, at int) []byte { return slices.Insert(b, at, 0xc2, 0xa0) },
	"high byte": func(b []byte, at int) []byte { return slices.Insert(b, at, 0xff) },
	"ESC":       func(b []byte, at int) []byte { return slices.Insert(b, at, 0x1b) },
	"mark":      func(b []byte, at int) []byte { return append([]byte("\ufeff"), b...) },
	"UTF-16": func(b []byte, at int) []byte {
		wide := []byte{0xff, 0xfe}
		for _, c := range b {
			wide = append(wide, c, 0)
		}
		return wide
	},
}

// other changes a text into another that somebody may write: what gets better has another meaning. It
// is counted and not judged.
var other = map[string]func(text []byte, at int) []byte{
	"blank":        func(b []byte, at int) []byte { return slices.Insert(b, at, ' ') },
	"continuation": func(b []byte, at int) []byte { return slices.Insert(b, at, '\\', '\n') },
	"lost":         func(b []byte, at int) []byte { return slices.Delete(b, at, at+1) },
	"twice":        func(b []byte, at int) []byte { return slices.Insert(b, at, b[at]) },
	"cut":          func(b []byte, at int) []byte { return b[:at] },
	"flip":         func(b []byte, at int) []byte { b[at] ^= 0x80; return b },
}

// renames says of files why a system may be better with such bytes in them: the program takes the word
// for another one, as the tables of the readers have it of the programs. Names are the beginnings of
// paths, a star their ends.
var renames = map[string]string{
	"boot/":                    "GRUB and systemd-boot have no such variable or field",
	"etc/NetworkManager/":      "NetworkManager has no such group or key, and the zone is the default one",
	"etc/apt/apt.conf":         "APT has no such setting",
	"etc/apparmor/parser.conf": "apparmor_parser passes over options that it does not know",
	"etc/audit/auditd.conf":    "the log is in another folder",
	"etc/audit/rules.d/":       "auditctl loads the watch of another file, and goes on",
	"etc/cron.d/":              "cron knows no such user, and runs nothing of the line",
	"etc/cron.daily/":          "the shell asks for another folder, which is missing",
	"etc/default/ufw":          "the shell sets another path, where there is no file",
	"etc/environment":          "pam_env sets another variable",
	"etc/fstab":                "another folder is mounted on",
	"etc/hosts.allow":          "no program or host has the name",
	"etc/ld.so":                "ldconfig and ld.so search in another folder or load another file, which is missing and which only root can make",
	"etc/login.defs":           "the programs have no such setting",
	"etc/nftables.conf":        "another file is included, which is missing: nft refuses that",
	"etc/os-release":           "the system has another name",
	"etc/pam.d/":               "Linux-PAM finds no such module, or the module has no such argument",
	"etc/passwd":               "the account has another name or home folder",
	"etc/profile":              "the shell finds no such command or file",
	"etc/profile.d/":           "the shell finds no such command or file",
	"etc/rsyslog.conf":         "rsyslogd includes other files, of which there are none",
	"etc/security/":            "pam_limits and libpwquality pass over the line or stop at it",
	"etc/shadow":               "the password is that of another account",
	"etc/ssh/keys/":            "sshd takes the line for no key",
	"etc/ssh/ssh":              "ssh and sshd include or read another file, which is missing, or name another group",
	"etc/sudoers":              "sudo has no such user, or refuses the value and keeps its default",
	"etc/sysctl.d/":            "the kernel has no such key",
	"etc/ufw/":                 "the kernel has no such key, or ufw does not start",
	"etc/systemd/journal":      "systemd has no such setting, or refuses the value",
	"etc/systemd/timesyncd":    "systemd has no such setting",
	"etc/systemd/system":       "systemd has no such setting, or does not start the unit",
	"usr/lib/systemd/system":   "systemd has no such setting, or does not start the unit",
	"home/alice/.ssh/":         "sshd takes the line for no key",
	"usr/lib/udev/rules.d/":    "udev wants a unit of another name",
	"usr/share/dbus-1/":        "D-Bus starts a unit of another name, of which there is none",
	"usr/sbin/.ssh/":           "sshd takes the line for no key",
	"lib/modules/":             "the kernel has a module of another name",
	"usr/lib/modules/":         "the kernel has a module of another name",
	"proc/cmdline":             "the kernel has no such parameter",
	"proc/self/mountinfo":      "the kernel escapes such bytes; another folder is mounted on",
	"root/.bashrc":             "the shell finds no such command",
	"sys/module/":              "the kernel writes no such text",
	"var/spool/cron/crontabs":  "the command is another file",
}

// endsLine are the files whose program takes a zero byte for the end of a line, as systemd does. In all
// others such a byte, as in every letter of a text in UTF-16, is an error.
var endsLine = []string{"etc/systemd/system", "usr/lib/systemd/system"}

// TestMutants puts odd bytes into the files that are read of the failing fixtures. No rule passes then,
// and none stops to apply, unless the program reads the file as something else. HARDENING_LONG=1
// tries eighty mutants of each file, and counts changes that are not odd as well.
func TestMutants(t *testing.T) {
	kinds, rounds := maps.Clone(odd), 1
	if os.Getenv("HARDENING_LONG") != "" {
		maps.Copy(kinds, other)
		rounds = 80/len(kinds) + 1
	}
	count, better := 0, map[string]int{}
	for _, rule := range rules(t) {
		if only := os.Getenv("ONLY"); !strings.Contains(rule.ID, only) {
			continue
		}
		files, err := filepath.Glob(filepath.Join("..", "..", "baseline", "builtin", "testdata", rule.ID, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !fails(t, rule, file) {
				continue
			}
			for _, x := range targetsOf(t, rule, file) {
				text := contentOf(t, file, x.name)
				if len(text) == 0 {
					continue
				}
				h := fnv.New64()
				fmt.Fprint(h, file, x.name)
				r := rand.New(rand.NewPCG(1, h.Sum64()))
				for _, kind := range slices.Sorted(maps.Keys(kinds)) {
					for range rounds {
						count++
						mutant := kinds[kind](slices.Clone(text), r.IntN(len(text)))
						s := statusOf(t, rule, x, mutant)
						if s != check.Pass && s != check.NotApplicable {
							continue
						}
						better[kind]++
						if _, isOdd := odd[kind]; isOdd && !meansOther(x.name, kind) {
							t.Errorf("%s in %s of %s: %s, by %.100q", kind, x.name, file, s, firstChange(text, mutant))
						}
					}
				}
			}
		}
	}
	t.Logf("%d mutants; those that a rule likes better: %v", count, better)
	if os.Getenv("ONLY") == "" && count < 10_000 {
		t.Errorf("%d mutants, want those of all rules", count)
	}
}

// meansOther reports whether a file with such bytes says something else to its program.
func meansOther(name, kind string) bool {
	begins := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
	if kind == "NUL" || kind == "UTF-16" {
		return slices.ContainsFunc(endsLine, begins)
	}
	return slices.ContainsFunc(slices.Collect(maps.Keys(renames)), begins)
}

func statusOf(t *testing.T, rule check.Compiled, x target, content []byte) check.Status {
	t.Helper()
	out, err := check.Run(t.Context(), inventorytest.Open(t, x.config(t, content)), []check.Compiled{rule}, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out[0].Result.Status
}

// firstChange returns the line of b in which the texts differ first.
func firstChange(a, b []byte) []byte {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := bytes.LastIndexByte(b[:i], '\n') + 1
	line, _, _ := bytes.Cut(b[from:], []byte("\n"))
	return line
}

func fails(t *testing.T, rule check.Compiled, file string) bool {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ar := txtar.Parse(b)
	ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
	out, err := check.Run(t.Context(), inventorytest.System(t, string(txtar.Format(ar))), []check.Compiled{rule}, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out[0].Result.Status == check.Fail
}

func contentOf(t *testing.T, file, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse(b).Files {
		if first, _, _ := strings.Cut(f.Name, " "); first == name {
			return f.Data
		}
	}
	return nil
}
