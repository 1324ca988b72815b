package modprobe_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/modprobe"
)

// own is a small tree with the kmod of a Debian release and its libraries.
func own(t *testing.T, suite string) string {
	t.Helper()
	tree, dir := oracle.Tree(t, suite), t.TempDir()
	files := []string{"/usr/bin/kmod"}
	for line := range strings.Lines(string(oracle.Chroot(t, tree, "/usr/bin/env", "LD_TRACE_LOADED_OBJECTS=1", "/usr/bin/kmod"))) {
		if i := strings.IndexByte(line, '/'); i >= 0 {
			files = append(files, strings.Fields(line[i:])[0])
		}
	}
	for _, f := range files {
		write(t, dir+f, oracle.Chroot(t, tree, "cat", f), 0o755)
	}
	object := filepath.Join(t.TempDir(), "x.o")
	write(t, object+".c", nil, 0o644)
	oracle.Run(t, "gcc", "-c", "-o", object, object+".c")
	empty, err := os.ReadFile(object)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range asked {
		write(t, dir+"/lib/modules/6.0/kernel/"+name+".ko", empty, 0o644)
	}
	if err := os.Symlink("kmod", dir+"/usr/bin/depmod"); err != nil {
		t.Fatal(err)
	}
	oracle.Chroot(t, dir, "depmod", "6.0")
	if err := os.Symlink("kmod", dir+"/usr/bin/modprobe"); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, name string, b []byte, mode os.FileMode) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, b, mode)); err != nil {
		t.Fatal(err)
	}
}

var (
	places   = []string{"etc", "run", "usr/local/lib", "usr/lib", "lib"}
	readBy   = map[string][]string{"bullseye": {"etc", "run", "lib"}, "bookworm": {"etc", "run", "usr/local/lib", "lib"}, "trixie": places}
	asked    = []string{"aa", "ab", "a_b", "b_b", "ba"}
	tokens   = []string{"aa", "ab", "a-b", "a_b", "b_b", "a*", "?b", "[ab]a", "[a-b]-b", "b[", "*"}
	programs = []string{"/bin/false", "/bin/true # x", "  /x\ty ", "\\\n/bin/false", "/bin/false\\\n x", ""}
)

func random(r *rand.Rand) string {
	var out strings.Builder
	out.WriteString("options marker x=1\n") // so that no file that hides another is without lines
	for range r.IntN(5) {
		command := []string{"install", "install", "install", "blacklist", "alias", "# install", "Install", " install", "\tblacklist"}[r.IntN(9)]
		fmt.Fprintf(&out, "%s %s %s", command, tokens[r.IntN(len(tokens))], programs[r.IntN(len(programs))])
		out.WriteString([]string{"\n", "\n", "\n\n", "\r\n"}[r.IntN(4)])
	}
	return out.String()
}

var command = regexp.MustCompile(`(?m)^install (.*) \n`)

// The command that modprobe would run for a module must be the first certain line found here, in
// the folders that its release reads.
func TestAgreesWithKmod(t *testing.T) {
	for _, suite := range oracle.Suites {
		t.Run(suite, func(t *testing.T) {
			dir := own(t, suite)
			r := rand.New(rand.NewPCG(1, 2))
			compared := 0
			for range 30 {
				made := map[string]bool{}
				for _, place := range places {
					if err := os.RemoveAll(filepath.Join(dir, place, "modprobe.d")); err != nil {
						t.Fatal(err)
					}
				}
				for _, place := range readBy[suite] {
					for _, n := range []string{"a.conf", "b.conf", "B.conf", "a-a.conf", "c", ".d.conf"} {
						if r.IntN(3) == 0 {
							write(t, filepath.Join(dir, place, "modprobe.d", n), []byte(random(r)), 0o644)
							made[n] = true
						}
					}
				}
				s := inventorytest.Folder(t, dir)
				c, err := modprobe.Fact.Of(t.Context(), s)
				if err != nil {
					t.Fatal(err)
				}
				c = visible(c)
				for _, name := range asked {
					out, _ := oracle.ChrootCode(t, dir, "modprobe", "-n", "-v", "-S", "6.0", name)
					got := ""
					if all := c.Installs(name); len(all) > 0 {
						got = strings.TrimRight(all[0].Rest, " \t\r")
						compared++
					}
					want := ""
					if m := command.FindSubmatch(out); m != nil {
						want = strings.TrimRight(string(m[1]), " \t\r")
					}
					if strings.TrimLeft(got, " \t") != strings.TrimLeft(want, " \t") && aliasFree(c, name) {
						t.Errorf("%s of %v: got %q, want %q", name, made, got, want)
					}
				}
				compareBlacklists(t, c, dir)
			}
			if compared < 60 {
				t.Errorf("compared %d only", compared)
			}
		})
	}
}

// visible leaves out the files that are hidden in a release that reads all folders.
func visible(c modprobe.Config) modprobe.Config {
	first := map[string]string{}
	c.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l modprobe.Line) bool {
		base := filepath.Base(l.Source)
		if first[base] == "" {
			first[base] = l.Source
		}
		return first[base] != l.Source
	})
	return c
}

// aliasFree reports whether no alias leads from a name elsewhere.
func aliasFree(c modprobe.Config, name string) bool {
	return !slices.ContainsFunc(c.Lines, func(l modprobe.Line) bool {
		return l.Command == "alias" && (l.Module == name || strings.ContainsAny(l.Module, "*?["))
	})
}

func compareBlacklists(t *testing.T, c modprobe.Config, dir string) {
	t.Helper()
	var got, want []string
	for _, l := range c.Lines {
		if l.Command == "blacklist" || l.Command == "install" {
			got = append(got, l.Command+" "+l.Module)
		}
	}
	for line := range strings.Lines(string(oracle.Chroot(t, dir, "modprobe", "--showconfig"))) {
		if f := strings.Fields(line); len(f) > 1 && (f[0] == "blacklist" || f[0] == "install") {
			want = append(want, f[0]+" "+f[1])
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
