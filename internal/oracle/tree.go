package oracle

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Suites are the Debian releases of which there are trees, the one of this machine first.
var Suites = []string{"bookworm", "bullseye", "trixie"}

// Tree returns the path of the unbooted Debian tree of one of [Suites], which .ci/trees
// makes and whose packages it lists. The tree is
// shared by every test of every run: nothing may write to it; see [Copy].
//
// It is looked for in the folder named by HARDENING_TREES, else in the one
// where .ci/trees keeps what it makes.
func Tree(t testing.TB, suite string) string {
	t.Helper()
	dir, err := trees()
	if err != nil {
		Lack(t, err.Error())
	}
	tree := filepath.Join(dir, suite)
	if _, err := os.Stat(filepath.Join(tree, "etc/passwd")); err != nil {
		Lack(t, fmt.Sprintf("no tree of %s, .ci/trees makes it: %v", suite, err))
	}
	return tree
}

// Chroot returns the standard output of a program run with the tree as its
// root folder, under the rules of [Run]. It needs root. There is neither /proc
// nor /sys.
//
// In a tree that [Tree] returned the program finds everything read-only but an
// empty /tmp, if the machine lets root mount; in a [Copy] it can write.
func Chroot(t testing.TB, tree, name string, args ...string) []byte {
	t.Helper()
	args = inTree(t, tree, name, args)
	return Run(t, args[0], args[1:]...)
}

// ChrootCode is to [Chroot] what [Code] is to [Run].
func ChrootCode(t testing.TB, tree, name string, args ...string) (stdout []byte, code int) {
	t.Helper()
	args = inTree(t, tree, name, args)
	return Code(t, args[0], args[1:]...)
}

// Copy returns the path of a copy of the tree that is the test's own to change,
// with owners, modes, times and extended attributes kept. It goes with the
// test, takes as much room as the tree (some 250 MB) and needs root.
func Copy(t testing.TB, tree string) string {
	t.Helper()
	needRoot(t)
	own := filepath.Join(t.TempDir(), filepath.Base(tree))
	Try(t, nil, "cp", "-a", "--reflink=auto", tree, own) // takes more than root in many containers
	return own
}

// frozen runs "$2..." in the tree $1 seen read-only, in a mount namespace that
// ends with it.
const frozen = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && mount -t tmpfs tmpfs "$1/tmp" && exec chroot "$@"`

func inTree(t testing.TB, tree, name string, args []string) []string {
	t.Helper()
	needRoot(t)
	Need(t, "chroot")
	args = append([]string{tree, name}, args...)
	if shared, err := trees(); err == nil && filepath.Dir(filepath.Clean(tree)) == shared && canMount(t) {
		return append([]string{"unshare", "--mount", "sh", "-c", frozen, "sh"}, args...)
	}
	return append([]string{"chroot"}, args...)
}

// canMount says whether root may mount here: in many containers it may not.
func canMount(t testing.TB) bool {
	return exec.CommandContext(t.Context(), "unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt").Run() == nil
}

func needRoot(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		Lack(t, "not root")
	}
}

// trees returns the folder of the trees: HARDENING_TREES, or the one that
// .ci/trees names after its own digest.
func trees() (string, error) {
	if dir := os.Getenv("HARDENING_TREES"); dir != "" {
		return filepath.Clean(dir), nil
	}
	recipe, err := recipe()
	if err != nil {
		return "", err
	}
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		cache = filepath.Join(os.Getenv("HOME"), ".cache")
	}
	digest := fmt.Sprintf("%x", sha256.Sum256(recipe))
	return filepath.Join(cache, "hardening", "trees", digest[:16]), nil
}

// recipe reads .ci/trees of the checkout that the test runs in: go test runs it
// in the folder of its package.
func recipe() ([]byte, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		b, err := os.ReadFile(filepath.Join(dir, ".ci", "trees"))
		if err == nil {
			return b, nil
		}
		if up := filepath.Dir(dir); up != dir {
			dir = up
			continue
		}
		return nil, fmt.Errorf("the test runs outside of a checkout: %w", err)
	}
}
