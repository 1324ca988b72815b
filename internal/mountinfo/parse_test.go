package mountinfo_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name, line string
		want       mountinfo.Mount
	}{
		{"manual page", // the example of proc_pid_mountinfo(5)
			"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
			mountinfo.Mount{ID: 36, Parent: 35, Major: 98, Root: "/mnt1", Point: "/mnt2",
				Options: []string{"rw", "noatime"}, Tags: []string{"master:1"},
				Type: "ext3", Source: "/dev/root", Super: []string{"rw", "errors=continue"}}},
		{"no tags", "22 27 0:21 / /proc rw,relatime - proc proc rw",
			mountinfo.Mount{ID: 22, Parent: 27, Minor: 21, Root: "/", Point: "/proc",
				Options: []string{"rw", "relatime"}, Tags: []string{},
				Type: "proc", Source: "proc", Super: []string{"rw"}}},
		{"many tags", "5 1 0:9 / /x rw shared:2 master:1 propagate_from:3 unbindable - tmpfs t rw",
			mountinfo.Mount{ID: 5, Parent: 1, Minor: 9, Root: "/", Point: "/x",
				Options: []string{"rw"}, Tags: []string{"shared:2", "master:1", "propagate_from:3", "unbindable"},
				Type: "tmpfs", Source: "t", Super: []string{"rw"}}},
		{"escapes", `7 1 8:1 /a\134b /mnt/a\040b\011c\012d rw - ext4 /dev/x\043y rw,lowerdir=/a\054b,x=1`,
			mountinfo.Mount{ID: 7, Parent: 1, Major: 8, Minor: 1, Root: `/a\b`, Point: "/mnt/a b\tc\nd",
				Options: []string{"rw"}, Tags: []string{},
				Type: "ext4", Source: "/dev/x#y", Super: []string{"rw", "lowerdir=/a,b", "x=1"}}},
		{"not an escape", `7 1 8:1 / /a\9\08 rw - ext4 x\12 rw`,
			mountinfo.Mount{ID: 7, Parent: 1, Major: 8, Minor: 1, Root: "/", Point: `/a\9\08`,
				Options: []string{"rw"}, Tags: []string{}, Type: "ext4", Source: `x\12`, Super: []string{"rw"}}},
		{"empty source", "7 1 0:5 / /a rw - tmpfs  rw",
			mountinfo.Mount{ID: 7, Parent: 1, Minor: 5, Root: "/", Point: "/a",
				Options: []string{"rw"}, Tags: []string{}, Type: "tmpfs", Super: []string{"rw"}}},
		{"name space file", "7 1 0:4 net:[4026532281] /run/netns/a rw - nsfs nsfs rw",
			mountinfo.Mount{ID: 7, Parent: 1, Minor: 4, Root: "net:[4026532281]", Point: "/run/netns/a",
				Options: []string{"rw"}, Tags: []string{}, Type: "nsfs", Source: "nsfs", Super: []string{"rw"}}},
		{"not UTF-8", "7 1 8:1 / /\xff\xfe rw - ext4 x rw",
			mountinfo.Mount{ID: 7, Parent: 1, Major: 8, Minor: 1, Root: "/", Point: "/\xff\xfe",
				Options: []string{"rw"}, Tags: []string{}, Type: "ext4", Source: "x", Super: []string{"rw"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, end := range []string{"", "\n", "\n\n"} {
				got, err := mountinfo.Parse([]byte(tt.line + end))
				if err != nil {
					t.Fatal(err)
				}
				if want := []mountinfo.Mount{tt.want}; !reflect.DeepEqual(got, want) {
					t.Errorf("got  %+v\nwant %+v", got, want)
				}
			}
		})
	}
}

func TestParseNamesTheLineItCannotRead(t *testing.T) {
	good := "22 27 0:21 / /proc rw - proc proc rw\n"
	for name, bad := range map[string]string{
		"no separator": "22 27 0:21 / /proc rw proc proc rw",
		"short":        "22 27 0:21 / /proc rw - proc proc",
		"id":           "x 27 0:21 / /proc rw - proc proc rw",
		"parent":       "22 x 0:21 / /proc rw - proc proc rw",
		"device":       "22 27 021 / /proc rw - proc proc rw",
		"relative":     "22 27 0:21 / proc rw - proc proc rw",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := mountinfo.Parse([]byte(good + good + bad + "\n" + good))
			if got != nil || err == nil || !strings.HasPrefix(err.Error(), "line 3: ") {
				t.Errorf("got %v, %v, want an error at line 3", got, err)
			}
		})
	}
}

func TestMountHas(t *testing.T) {
	m := mountinfo.Mount{Options: []string{"rw", "nosuid"}, Super: []string{"ro"}}
	if !m.Has("nosuid") || m.Has("ro") || m.Has("no") {
		t.Error("Has looks at whole options of the mount itself only")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n"))
	f.Add([]byte("7 1 0:5 / /a\\040\\ rw - tmpfs  rw"))
	f.Add([]byte("1 1 0:1 / / rw - a b c\n1 1 0:1 / /a rw - a b c\n2 1 0:1 / /a/b rw - a b c\r\n"))
	f.Add([]byte("\xef\xbb\xbf\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := mountinfo.Parse(b)
		if err != nil && all != nil {
			t.Fatal("an answer beside an error")
		}
		count := 0
		mountinfo.Index(all, "/").Any(func(n *mountinfo.Node) bool {
			if n.Mount != nil {
				count++
			}
			return false
		})
		if count > len(all) {
			t.Fatalf("%d mounts of %d", count, len(all))
		}
	})
}
