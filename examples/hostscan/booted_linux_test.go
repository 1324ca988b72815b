package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

// A fault is done to the running system before another scan, and undone after it.
type fault struct {
	name, do, undo string

	// The rules that do not pass then, by the natives and so by the scan.
	rules []string
}

var faults = []fault{
	{"changed", "sysctl -qw kernel.kptr_restrict=0 fs.suid_dumpable=2 net.ipv4.tcp_syncookies=0 net.ipv6.conf.all.forwarding=1 kernel.sysrq=1\n" +
		"modprobe --ignore-install sctp; touch /run/reboot-required\n" +
		"dd if=/dev/zero of=/swap bs=1M count=16 status=none; chmod 600 /swap; mkswap -q /swap; swapon /swap",
		"sysctl -q --system; modprobe -r sctp; rm /run/reboot-required; swapoff /swap; rm /swap",
		[]string{"linux.kernel.memory-protected", "linux.kernel.no-core-of-privileged", "linux.network.floods-withstood",
			"linux.network.no-forwarding", "linux.kernel.console-keys-restricted", "linux.module.protocols-blocked",
			"linux.os.no-restart-pending", "linux.encryption.swap-encrypted"}},
	{"no-rules", "nft flush ruleset", "nft -f /etc/nftables.conf",
		[]string{"linux.firewall.on", "linux.firewall.default-deny", "linux.firewall.no-forwarding-by-default"}},
	{"accepts", "nft 'chain inet filter input { policy accept; }'; nft 'chain inet filter forward { policy accept; }'", "nft -f /etc/nftables.conf",
		[]string{"linux.firewall.default-deny", "linux.firewall.no-forwarding-by-default"}},
	{"mounts", "mount -o remount,exec /tmp; mount -o remount,suid /var/tmp; mount -o remount,bind,dev,suid /home",
		"mount -o remount,noexec /tmp; mount -o remount,nosuid /var/tmp; mount -o remount,bind,nodev,nosuid /home",
		[]string{"linux.mount.tmp-restricted", "linux.mount.kept-temporary-restricted", "linux.mount.homes-restricted"}},
	{"over-mount", "mount -t tmpfs tmpfs /dev/shm", "umount /dev/shm", []string{"linux.mount.tmp-restricted"}},
	{"services", "systemctl stop chrony.service apt-daily-upgrade.timer; kill $(pidof auditd); sleep 3",
		"systemctl start chrony.service apt-daily-upgrade.timer auditd.service",
		[]string{"linux.time.service-on", "linux.package.updates-scheduled", "linux.audit.daemon-on"}},
	{"masked", "systemctl mask --runtime --now chrony.service", "systemctl unmask --runtime chrony.service; systemctl start chrony.service",
		[]string{"linux.time.service-on"}},
	{"profiles", "for p in /etc/apparmor.d/*; do [ -d $p ] || apparmor_parser -R $p; done", "systemctl reload apparmor.service",
		[]string{"linux.mandatory-access.on", "linux.mandatory-access.enforced"}},
	{"complains", "apparmor_parser -rC /etc/apparmor.d/usr.sbin.chronyd", "apparmor_parser -r /etc/apparmor.d/usr.sbin.chronyd",
		[]string{"linux.mandatory-access.enforced"}},
}

// knownWrong are passes of a fault that are known to be wrong: what only a socket of systemd or of the
// kernel would tell.
var knownWrong = map[string]string{
	"services linux.package.updates-scheduled":         "a timer that was stopped leaves no trace in files",
	"no-rules linux.firewall.on":                       noTrace,
	"no-rules linux.firewall.default-deny":             noTrace,
	"no-rules linux.firewall.no-forwarding-by-default": noTrace,
	"accepts linux.firewall.default-deny":              noTrace,
	"accepts linux.firewall.no-forwarding-by-default":  noTrace,
}

const noTrace = "the kernel has its rules of nftables in no file, and those of the files are judged"

// unbootedDiffers has the rules whose verdicts on the tree and on the system that was booted from
// it differ, with the reason.
var unbootedDiffers = map[string]string{
	"linux.kernel.processor-flaws-mitigated": "the kernel says it of the processor it runs on",
	"linux.package.lists-fresh":              "an image fetches no lists",
	"linux.os.no-restart-pending":            "an image has not started",
	"linux.mandatory-access.on":              "a condition of apparmor.service asks for a file system of the kernel",
	"linux.log.files-private":                "unattended-upgrades makes a log that everybody may read when it starts",
}

// Whatever passes on a system that was booted is so by the programs of the system, at first and after
// each fault; the verdicts on the tree it was booted from are the same. It takes some minutes and a
// virtual machine, and so HARDENING_LONG=1.
func TestBootedSystem(t *testing.T) {
	if os.Getenv("HARDENING_LONG") != "1" {
		t.Skip("HARDENING_LONG=1 boots a virtual machine, which takes minutes")
	}
	needRoot(t)
	tree, out := boot(t)
	t.Run("first", func(t *testing.T) {
		if n := compare(t, "first", out); n < 60 {
			t.Errorf("%d passes compared with what the natives say, want 60 or more", n)
		}
	})
	t.Run("unbooted", func(t *testing.T) { sameUnbooted(t, outcomes(t, out["first/scan"]), tree) })
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			compare(t, f.name, out)
			scan, n := outcomes(t, out[f.name+"/scan"]), saidIn(out, f.name)
			for _, id := range f.rules {
				if wrong := natives[id](n); wrong == "" {
					t.Errorf("%s: the natives do not show the fault", id)
				}
				if _, known := knownWrong[f.name+" "+id]; scan[id].Status == "pass" != known {
					t.Errorf("%s: got %s, known: %v", id, scan[id].Status, known)
				}
			}
		})
	}
}

// compare holds the passes of a scan to the natives, and returns how many it could.
func compare(t *testing.T, phase string, out map[string][]byte) (compared int) {
	t.Helper()
	scan, n := outcomes(t, out[phase+"/scan"]), saidIn(out, phase)
	var silent []string
	passes := 0
	for _, id := range slices.Sorted(maps.Keys(scan)) {
		if scan[id].Status != "pass" {
			continue
		}
		passes++
		judge, ok := natives[id]
		if !ok {
			silent = append(silent, id)
			continue
		}
		compared++
		if wrong := judge(n); wrong == "" {
			continue
		} else if why, known := knownWrong[phase+" "+id]; known {
			t.Logf("%s: pass, and the natives say %s; known: %s", id, wrong, why)
		} else {
			t.Errorf("%s: pass by %v, and the natives say: %s", id, scan[id].Evidence, wrong)
		}
	}
	t.Logf("%d passes, %d compared, not: %q", passes, compared, silent)
	return compared
}

func sameUnbooted(t *testing.T, live map[string]outcome, tree string) {
	dir := t.TempDir()
	unbooted := scanAs(t, nil, build(t, dir), "-root", tree)
	for _, id := range slices.Sorted(maps.Keys(live)) {
		l, u := live[id].Status, unbooted[id].Status
		switch why, known := unbootedDiffers[id]; {
		case l != u && !known:
			t.Errorf("%s: unbooted %s, live %s: %v", id, u, l, live[id].Evidence)
		case l == u && known:
			t.Errorf("%s: %s both times, against the table", id, l)
		case known:
			t.Logf("%s: unbooted %s, live %s: %s", id, u, l, why)
		}
	}
}

// boot runs the scans and the natives in a booted system, and returns the tree that it was booted
// from and what they printed, by phase and name.
func boot(t *testing.T) (tree string, out map[string][]byte) {
	t.Helper()
	dir := t.TempDir()
	program, err := os.ReadFile(build(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for name, text := range map[string][]byte{"run": []byte(job()), "hostscan": program} {
		err = errors.Join(err, w.WriteHeader(&tar.Header{Name: name, Mode: 0o700, Size: int64(len(text))}))
		_, e := w.Write(text)
		err = errors.Join(err, e)
	}
	in, result := filepath.Join(dir, "job.tar"), filepath.Join(dir, "out.tar")
	if err = errors.Join(err, w.Close(), os.WriteFile(in, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("../../.ci/boot")
	if err != nil {
		t.Fatal(err)
	}
	cmd := oracle.Command(t, "bash", script, in, result)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	printed, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.Bytes()[max(0, errs.Len()-4000):])
	}
	out = unpack(t, result)
	if state := strings.TrimSpace(string(out["state"])); state != "running" {
		t.Errorf("the system is %s, want running\n%s", state, out["log"])
	}
	return strings.TrimSpace(string(printed)), out
}

func unpack(t *testing.T, name string) map[string][]byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string][]byte{}
	for r := tar.NewReader(f); ; {
		h, err := r.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if out[strings.TrimPrefix(h.Name, "./")], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

// job returns the script that scans and asks the natives, at first and after each fault.
func job() string {
	var b strings.Builder
	b.WriteString("#!/bin/bash\nexport LC_ALL=C.UTF-8 SYSTEMD_PAGER= SYSTEMD_COLORS=0\nask() {\nmkdir out/$1\n")
	for _, name := range slices.Sorted(maps.Keys(questions)) {
		if !slices.Contains(running, name) {
			fmt.Fprint(&b, "[ $1 != first ] || ")
		}
		fmt.Fprintf(&b, "{ %s\n} >out/$1/%s 2>&1 </dev/null\necho $SECONDS %[2]s\n", questions[name], name)
	}
	b.WriteString("./hostscan -format json -o out/$1/scan\necho $SECONDS scanned\n}\nask first\n")
	for _, f := range faults {
		fmt.Fprintf(&b, "echo %[1]s\n%[2]s\nask %[1]s\n%[3]s\n", f.name, f.do, f.undo)
	}
	return b.String()
}

func outcomes(t *testing.T, b []byte) map[string]outcome {
	t.Helper()
	var doc struct{ Outcomes []outcome }
	if err := json.Unmarshal(b, &doc); err != nil || len(doc.Outcomes) < 100 {
		t.Fatalf("%d outcomes, %v", len(doc.Outcomes), err)
	}
	all := map[string]outcome{}
	for _, o := range doc.Outcomes {
		all[o.Rule] = o
	}
	return all
}

// saidIn returns the answers of a phase; those that no fault changes are the first ones.
func saidIn(out map[string][]byte, phase string) said {
	s := said{}
	for name := range questions {
		when := phase
		if !slices.Contains(running, name) {
			when = "first"
		}
		s[name] = string(out[when+"/"+name])
	}
	return s
}
