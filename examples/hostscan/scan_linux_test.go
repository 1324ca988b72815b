package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

// build returns the program as its users have it: static, symbols left out.
func build(t testing.TB, dir string) string {
	t.Helper()
	file := filepath.Join(dir, "hostscan")
	cmd := oracle.Command(t, "go", "build", "-buildvcs=false", "-trimpath", "-ldflags=-s -w", "-o", file, ".")
	cmd.Env = append(cmd.Env, "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return file
}

// outcome is what a scan found by one rule.
type outcome struct {
	Rule, Status, Reason string
	Evidence             []map[string]any
	Reads                []string
	States               string `json:"-"` // of the rule
}

// scanAs runs the program and returns the outcomes by rule. Where it is not nil, attr says
// as whom and where.
func scanAs(t *testing.T, attr *syscall.SysProcAttr, program string, args ...string) map[string]outcome {
	t.Helper()
	cmd := exec.Command(program, append([]string{"-format", "json", "-reads"}, args...)...)
	cmd.SysProcAttr, cmd.Dir = attr, "/"
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, errs.String())
	}
	var doc struct {
		Rules    []struct{ ID, States string }
		Outcomes []outcome
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil || len(doc.Outcomes) < 25 {
		t.Fatal(len(doc.Outcomes), err)
	}
	states := map[string]string{}
	for _, r := range doc.Rules {
		states[r.ID] = r.States
	}
	all := map[string]outcome{}
	for _, o := range doc.Outcomes {
		o.States = states[o.Rule]
		all[o.Rule] = o
	}
	return all
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		oracle.Lack(t, "only root may change the root folder or the account")
	}
}

// namesHost are the rules that ask the running kernel what the host is called or which release it is,
// which a tree without proc does not show from within, and those that judge nothing on an image.
func namesHost(o outcome) bool {
	return o.Reason == "not-live" || slices.ContainsFunc(o.Reads, func(r string) bool {
		_, name, _ := strings.Cut(r, " ")
		return name == "proc/sys/kernel/hostname" || name == "proc/sys/kernel/osrelease"
	})
}

// Same configuration, same verdict: a tree is scanned unbooted, and from within as the root of a
// running host. Rules that judge what runs are no part of that promise: they answer otherwise only
// for that reason, and here, where the host shows no processes, never with a pass that the tree has
// not.
func TestSameVerdictLiveAndUnbooted(t *testing.T) {
	needRoot(t)
	for _, suite := range oracle.Suites {
		t.Run(suite, func(t *testing.T) {
			tree := oracle.Copy(t, oracle.Tree(t, suite))
			program := build(t, tree)
			unbooted := scanAs(t, nil, program, "-root", tree)
			live := scanAs(t, &syscall.SysProcAttr{Chroot: tree}, "/hostscan")
			var compared, rest []string
			for id, u := range unbooted {
				l := live[id]
				if l.States != "configured" || namesHost(u) || namesHost(l) {
					rest = append(rest, id)
					if l.States != "configured" && l.Status == "pass" && u.Status != "pass" {
						t.Errorf("%s: unbooted %s %v, live %s %v", id, u.Status, u.Evidence, l.Status, l.Evidence)
					}
					continue
				}
				compared = append(compared, id)
				if u.Status != l.Status || !reflect.DeepEqual(u.Evidence, l.Evidence) {
					t.Errorf("%s: unbooted %s %v, live %s %v", id, u.Status, u.Evidence, l.Status, l.Evidence)
				}
			}
			slices.Sort(rest)
			t.Logf("%d rules compared; these judge what runs: %q", len(compared), rest)
			if len(compared) < 90 {
				t.Errorf("compared %d rules only: %q", len(compared), compared)
			}
		})
	}
}

// What passes for an account without rights passes for root, on a tree and on this host.
func TestNobodyPassesNothingThatRootDoesNot(t *testing.T) {
	needRoot(t)
	tree, older := oracle.Copy(t, oracle.Tree(t, "bookworm")), oracle.Copy(t, oracle.Tree(t, "bullseye"))
	dir := t.TempDir()
	for _, d := range []string{tree, older, dir} { // folders of tests are closed to others
		for ; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
			if err := os.Chmod(d, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	program := build(t, dir)
	nobody := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	for name, args := range map[string][]string{"bookworm": {"-root", tree}, "bullseye": {"-root", older}, "host": nil} {
		root, low := scanAs(t, nil, program, args...), scanAs(t, nobody, program, args...)
		denied := 0
		for id, o := range low {
			if (o.Status == "pass" || o.Status == "notapplicable") && o.Status != root[id].Status {
				t.Errorf("%s: %s is %s as nobody and %s as root", name, id, o.Status, root[id].Status)
			}
			if o.Reason == "permission" {
				denied++
			}
		}
		if denied == 0 {
			t.Errorf("%s: nothing was denied to nobody", name)
		}
	}
}

// The system calls that would change something, run something or reach somebody.
const forbidden = "execve,execveat,fork,vfork,connect,bind,listen,accept,accept4,sendto,sendmsg,socket," +
	"creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,mknod,mknodat," +
	"chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,truncate,ftruncate,utimensat,setxattr,lsetxattr,fsetxattr," +
	"removexattr,lremovexattr,fremovexattr,mount,umount2,pivot_root,chroot,setuid,setgid,capset,ptrace,init_module,finit_module,kexec_load,bpf"

var writing = regexp.MustCompile(`O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE`)

// A scan executes nothing, opens nothing for writing and connects to nothing, on this host
// and on a tree; the report's own file aside.
func TestScanOnlyReads(t *testing.T) {
	const calls = "trace=open,openat,openat2,open_by_handle_at," + forbidden
	// Takes the right to trace, and a machine with all of the calls.
	oracle.Try(t, nil, "strace", "-f", "--seccomp-bpf", "-qq", "-o", os.DevNull, "-e", calls, "strace", "--version")
	program := build(t, t.TempDir())
	for name, args := range map[string][]string{"host": nil, "tree": {"-root", oracle.Tree(t, "bookworm")}} {
		log := filepath.Join(t.TempDir(), "trace")
		cmd := oracle.Command(t, "strace", append([]string{"-f", "--seccomp-bpf", "-qq", "-o", log,
			"-e", calls, "-e", "signal=none", program}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			var exit *exec.ExitError
			if !errors.As(err, &exit) {
				t.Fatalf("%v\n%s", err, out)
			}
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		b, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		opened := 0
		for line := range strings.Lines(string(b)) {
			_, call, _ := strings.Cut(strings.TrimSpace(line), " ")
			call = strings.TrimLeft(call, " ")
			switch {
			case strings.HasPrefix(call, "open"):
				opened++
				if writing.MatchString(call) {
					t.Errorf("%s: opened for writing: %s", name, call)
				}
			case strings.HasPrefix(call, "syscall_0x1d0("): // getxattrat(2), which this strace has no name for
			case strings.HasPrefix(call, `execve("`+program), strings.HasPrefix(call, "<... "), strings.HasPrefix(call, "+++"):
			default:
				t.Errorf("%s: %s", name, call)
			}
		}
		if opened < 100 {
			t.Errorf("%s: %d files opened; the trace is not whole", name, opened)
		}
	}
}

// A device, a pipe or a link that the report is sent to is still one afterwards.
func TestReportReplacesNoDevice(t *testing.T) {
	dir := t.TempDir()
	root, file := filepath.Join(dir, "root"), filepath.Join(dir, "file")
	device, link, pipe := filepath.Join(dir, "device"), filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	if err := errors.Join(os.Mkdir(root, 0o755), os.WriteFile(file, nil, 0o600), os.Symlink(os.DevNull, device),
		os.Symlink(file, link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDWR, 0) // so that the writer does not wait
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	go io.Copy(io.Discard, reader)
	for name, want := range map[string]os.FileMode{device: os.ModeSymlink, link: os.ModeSymlink, pipe: os.ModeNamedPipe} {
		if code, out, errs := scanned(t, "-root", root, "-o", name); code != exitOK || out != "" {
			t.Errorf("%s: ended with %d: %s%s", name, code, out, errs)
		}
		if info, err := os.Lstat(name); err != nil || info.Mode().Type() != want {
			t.Errorf("%s: got %v, %v, want %v", name, info, err, want)
		}
	}
	if b, err := os.ReadFile(file); err != nil || len(b) == 0 {
		t.Errorf("behind the link: got %d bytes, %v", len(b), err)
	}
}
