package attack

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
)

// bombs are files, each of which took a gigabyte or a minute of a careless reader.
func bombs(size int) map[string]string {
	fill := func(unit string) string { return strings.Repeat(unit, size/len(unit)) }
	all := map[string]string{
		"etc/os-release":                          "ID=debian\nVERSION_ID=12\n",
		"etc/passwd":                              "root:x:0:0::/root:/bin/bash\n" + fill("a:x:1000:1000::/home/a:/bin/sh\n"),
		"etc/shadow":                              fill("a:*:1::::::\n"),
		"etc/group":                               "x:x:1:" + fill("a,") + "\n",
		"etc/sudoers":                             fill("\n") + "@include /etc/sudo0\n",
		"etc/ssh/sshd_config":                     fill("AllowUsers a\n"),
		"etc/ssh/ssh_config":                      strings.Repeat("Include /etc/ssh/c0\n", 40),
		"etc/security/limits.conf":                fill("* hard core 0\n"),
		"etc/security/pwquality.conf":             fill("a \\\n"),
		"etc/pam.d/sshd":                          fill("a b\n"),
		"etc/pam.d/common-auth":                   strings.Repeat("@include common-auth\n", 1000),
		"etc/nftables.conf":                       "define a = {" + fill("a,") + "}\n",
		"etc/apt/apt.conf":                        fill("a;"),
		"etc/profile":                             fill("x=y\n"),
		"etc/sysctl.conf":                         fill("a=b\n"),
		"etc/audit/audit.rules":                   fill("-w /a\n"),
		"etc/login.defs":                          fill("UID_MIN 1\n"),
		"etc/crypttab":                            fill("a b\n"),
		"etc/fstab":                               fill("a /b c d 0 0\n"),
		"etc/hosts.allow":                         fill("ALL: a, b\n"),
		"etc/apparmor.d/a":                        fill("/a { /b r, }\n"),
		"etc/rsyslog.conf":                        fill("*.* /a\n"),
		"boot/vmlinuz-6":                          "x",
		"boot/grub/grub.cfg":                      "set a=xx\n" + strings.Repeat("set a=\"$a$a\"\n", 60) + "menuentry x { linux /v $a }\n",
		"var/lib/dpkg/status":                     fill("Package: a\nStatus: install ok installed\nVersion: 1\n\n"),
		"usr/lib/systemd/system/default.target":   "[Unit]\nRequires=a.service\n",
		"usr/lib/systemd/system/a.service":        "[Service]\n" + fill("ExecStart=/bin/a\n"),
		"usr/lib/modules/6/modules.dep":           fill("a.ko: b.ko\n"),
		"usr/sbin/sshd":                           "x",
		"usr/bin/sudo":                            "x",
		"usr/bin/ssh":                             "x",
		"usr/sbin/auditd":                         "x",
		"usr/lib/systemd/systemd":                 "x",
		"usr/lib/systemd/system/nftables.service": "[Service]\nExecStart=/usr/sbin/nft -f /etc/nftables.conf\n",
	}
	for i := range 8 {
		all[fmt.Sprintf("etc/sudo%d", i)] = strings.Repeat(fmt.Sprintf("@include /etc/sudo%d\n", i+1), 50)
		all[fmt.Sprintf("etc/ssh/c%d", i)] = strings.Repeat(fmt.Sprintf("Include /etc/ssh/c%d\n", i+1), 40)
	}
	for i := range size >> 10 {
		all[fmt.Sprintf("etc/sysctl.d/%d.conf", i)] = "a=b\n"
		all[fmt.Sprintf("etc/sudoers.d/%d", i)] = "a ALL=ALL\n"
		all[fmt.Sprintf("home/%d/.profile", i)] = "x=y\n"
	}
	return all
}

const mostResident = 128 << 20 // bytes that the whole process may hold

// TestBombsAreHeld scans a tree of all bombs with all rules at once, in a process of its own whose
// memory the kernel counts.
func TestBombsAreHeld(t *testing.T) {
	if root := os.Getenv("HARDENING_BOMBS"); root != "" {
		scanBombs(t, root)
		return
	}
	size := 64 << 10
	if os.Getenv("HARDENING_LONG") != "" {
		size = 2 << 20
	}
	root := t.TempDir()
	for name, text := range bombs(size) {
		path := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestBombsAreHeld$", "-test.v")
	cmd.Env = append(os.Environ(), "HARDENING_BOMBS="+root)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	t.Logf("%d KiB a file: %d MiB held, %v of user time\n%s", size>>10, usage.Maxrss>>10, cmd.ProcessState.UserTime(), out)
	if most := int64(mostResident); usage.Maxrss<<10 > most {
		t.Errorf("%d MiB held at once", usage.Maxrss>>10)
	}
}

func scanBombs(t *testing.T, root string) {
	debug.SetMemoryLimit(96 << 20) // as examples/hostscan does; twice as much is held otherwise
	cfg, err := inventory.Dir(root)
	if err != nil {
		t.Fatal(err)
	}
	defer cfg.Close()
	sys, err := inventory.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	out, err := check.Run(t.Context(), sys, rules(t), check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[check.Status]int{}
	for _, o := range out {
		seen[o.Result.Status]++
	}
	t.Log(len(out), "rules:", seen)
	if seen[check.Unknown] < 50 {
		t.Error("the bombs were read as if they were none")
	}
}
