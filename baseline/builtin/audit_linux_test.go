package builtin_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/internal/oracle"
)

// What people use, by the rule that promises to record it, and the calls by which the kernel does it.
var recorded = map[string]struct {
	calls    *regexp.Regexp
	commands []string
}{
	"linux.audit.records-denied-access": {
		regexp.MustCompile(`^(creat|open|openat2?|open_by_handle_at|f?truncate)$`),
		[]string{"cat a", "touch a", "touch n", "truncate -s 0 a", "cp a b", "tar -cf t d", "tar -xf u", "dd if=a of=b", "tee b <a", ">a", "find d", "rm -r d"},
	},
	"linux.audit.records-deletions": {
		regexp.MustCompile(`^(unlink(at)?|rmdir|rename(at2?)?)$`),
		[]string{
			"mv a b", "mv -f a c", "mv -n a b", "mv a d", "rm a", "rm -r d", "rmdir e", "unlink a", "ln -sf a c",
			"cp --remove-destination a c", "sed -i s/x/y/ a", "perl -e 'unlink q(a)'", "perl -e 'rename q(a), q(b)'",
			"perl -e 'rmdir q(e)'", "find e -delete", "find a -delete", "gzip a", "install a c", "sort -o c a",
		},
	},
	"linux.audit.records-permission-changes": {
		regexp.MustCompile(`^(f?chmod(at2?)?|[fl]?chown(at)?|(set|remove)xattr(at)?|[fl](set|remove)xattr)$`),
		[]string{
			"chmod 700 a", "chmod -R go-rwx d", "chmod u+s a", "chown 1 a", "chown -h 1 l", "chown -R 1 d", "chgrp 1 a", "chgrp -R 1 d",
			"cp -p a b", "cp -a d f", "install -m 755 a b", "install -o 1 -g 1 a b", "mkdir -m 700 g", "tar -cf t a d",
			"tar -xpf u", "perl -e 'chmod 0700, q(a)'", "perl -e 'chown 1, 1, q(a)'",
		},
	},
	"linux.audit.records-mounts": {
		regexp.MustCompile(`^(mount|fsmount|move_mount|fsopen)$`),
		[]string{
			"mount -t tmpfs tmpfs e", "mount --bind d e", "mount --rbind d e", "mount --bind d e; mount --move e f",
			"mount --bind d e; mount -o remount,bind,ro e", "mount -t tmpfs -o noexec tmpfs e",
		},
	},
}

// The commands of the Debian trees that delete, open up and mount make no call, by which the kernel
// does it, that a rule does not ask for.
func TestCommandsAreRecorded(t *testing.T) {
	b, err := builtin.Load(t.Context(), "linux-server")
	if err != nil {
		t.Fatal(err)
	}
	oracle.Try(t, nil, "strace", "-f", "-qq", "-o", os.DevNull, "strace", "--version")
	oracle.Try(t, nil, "unshare", "--mount", "true")
	for _, suite := range oracle.Suites {
		tree := oracle.Tree(t, suite)
		for _, id := range slices.Sorted(maps.Keys(recorded)) {
			x := recorded[id]
			i := slices.IndexFunc(b.Rules, func(r check.Rule) bool { return string(r.ID) == id })
			asked := fmt.Sprint(b.Rules[i].Expr.Args["calls"])
			seen := map[string]bool{}
			for _, command := range x.commands {
				for _, call := range traced(t, tree, command) {
					if !x.calls.MatchString(call) {
						continue
					}
					seen[call] = true
					if !slices.Contains(strings.Fields(strings.Trim(asked, "[]")), call) {
						t.Errorf("%s: %s: %s makes the call %s, for which the rule does not ask", suite, id, command, call)
					}
				}
			}
			t.Logf("%s: %s: %v", suite, id, seen)
		}
	}
}

var call = regexp.MustCompile(`(?m)^\d+ +([a-z0-9_]+)\(.* = \d+$`)

// traced returns the calls that succeed while a command runs in the tree.
func traced(t *testing.T, tree, command string) []string {
	t.Helper()
	log := filepath.Join(t.TempDir(), "trace")
	const in = `mount -t tmpfs tmpfs "$1/tmp" && cd "$1/tmp" && echo x >a && echo y >c && mkdir d e f && echo z >d/x &&
		ln -s a l && tar -cf u d && exec strace -f -qq -e trace=all -o "$2" chroot "$1" sh -c "cd /tmp; $3"`
	if out, err := oracle.Command(t, "unshare", "--mount", "sh", "-c", in, "sh", tree, log, command).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", command, err, out)
	}
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range call.FindAllSubmatch(b, -1) {
		all = append(all, string(m[1]))
	}
	if len(all) < 10 {
		t.Fatalf("%s: %d calls; the trace is not whole", command, len(all))
	}
	return all
}
