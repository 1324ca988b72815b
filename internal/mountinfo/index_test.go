package mountinfo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
)

// index returns "path=type" of each mount in the tree, sorted.
func index(t *testing.T, n *mountinfo.Node) string {
	t.Helper()
	var list []string
	var visit func(n *mountinfo.Node, at string)
	visit = func(n *mountinfo.Node, at string) {
		if n.Mount != nil {
			s := at + "=" + n.Mount.Type
			if n.Unseen {
				s += " unseen"
			}
			list = append(list, s)
		}
		for _, name := range n.Names() {
			visit(n.Child(name), strings.TrimPrefix(at+"/"+name, "./"))
		}
	}
	visit(n, ".")
	slices.Sort(list)
	return strings.Join(list, "; ")
}

func parse(t *testing.T, lines ...string) []mountinfo.Mount {
	t.Helper()
	all, err := mountinfo.Parse([]byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const (
	root = "27 1 254:0 / / rw - ext4 /dev/vda rw"
	home = "30 27 0:50 / /home rw - nfs4 srv:/home rw"
	sub  = "31 30 8:1 / /home/local rw - xfs /dev/sda1 rw"
)

func TestIndex(t *testing.T) {
	tests := []struct {
		name  string
		root  string
		lines []string
		want  string
	}{
		{"whole table", "/", []string{root, home, sub}, ".=ext4; home/local=xfs; home=nfs4"},
		{"seen from a folder", "/home", []string{root, home, sub}, ".=nfs4; local=xfs"},
		{"seen from a folder of like name", "/hom", []string{root, home, sub}, ""},
		{"upper of two", "/", []string{root,
			"40 27 0:7 / /efi rw - autofs systemd-1 rw", "41 40 8:2 / /efi rw - vfat /dev/sda2 rw"},
			".=ext4; efi=vfat"},
		{"upper of two, whatever the order", "/", []string{
			"41 40 8:2 / /efi rw - vfat /dev/sda2 rw", "40 27 0:7 / /efi rw - autofs systemd-1 rw", root},
			".=ext4; efi=vfat"},
		{"hidden by a later mount above", "/", []string{root,
			"50 27 0:50 / /a/b rw - nfs srv:/ rw", "51 27 0:51 / /a rw - tmpfs t rw"},
			".=ext4; a=tmpfs"},
		{"hidden with what sits on it", "/", []string{root,
			"50 27 0:50 / /a/b rw - nfs srv:/ rw", "52 50 0:52 / /a/b/c rw - nfs srv:/c rw", "51 27 0:51 / /a rw - tmpfs t rw"},
			".=ext4; a=tmpfs"},
		{"hidden under a mount at the same place", "/", []string{root,
			"50 27 0:50 / /a rw - nfs srv:/ rw", "52 50 0:52 / /a/c rw - nfs srv:/c rw", "51 50 0:51 / /a rw - tmpfs t rw"},
			".=ext4; a=tmpfs"},
		{"numbers given twice", "/", []string{root, root, home, home}, ".=ext4; home=nfs4"},
		{"a ring of parents", "/", []string{"1 2 0:1 / /a rw - t s o", "2 1 0:1 / /b rw - t s o"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := index(t, mountinfo.Index(parse(t, tt.lines...), tt.root)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestAddUnseen(t *testing.T) {
	n := mountinfo.Index(parse(t, root, "60 27 0:3 / /host rw - ext4 x rw", "61 60 0:9 / /host/proc rw - proc proc rw"), "/host")
	n.AddUnseen(parse(t, root, home, "22 27 0:21 / /proc rw - proc proc rw"))
	if got, want := index(t, n), ".=ext4; home=nfs4 unseen; proc=proc"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestNilNode(t *testing.T) {
	var n *mountinfo.Node
	if n.Child("a") != nil || n.ChildBytes([]byte("a")) != nil || n.Names() != nil ||
		n.Any(func(*mountinfo.Node) bool { return true }) {
		t.Error("a nil node has something below it")
	}
}
