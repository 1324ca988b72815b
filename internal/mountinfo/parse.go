package mountinfo

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
)

// Mount is one line of a table of mounts. The octal escapes of the kernel are
// undone, so that names are bytes as the disk has them.
type Mount struct {
	ID, Parent   int      // the mount's own number, and that of the one it sits on
	Major, Minor uint32   // of the device, st_dev of most of its files
	Root         string   // the folder or file of the file system that is shown
	Point        string   // where, seen from the root of the process
	Options      []string // of this mount: rw, nosuid, noexec
	Tags         []string // optional fields: shared:2, master:1, unbindable
	Type         string   // of the file system: ext4, fuse.sshfs
	Source       string   // what the type makes of it: a device, host:/path, none
	Super        []string // options of the file system, shared by all its mounts
}

// Has reports whether the mount itself has an option, such as "nosuid".
func (m Mount) Has(option string) bool {
	for _, o := range m.Options {
		if o == option {
			return true
		}
	}
	return false
}

// Parse reads a whole table. One line that cannot be understood is an error with
// its number, and there is no table: half a table would hide a mount. The kernel has at
// most 100,000 mounts (fs.mount-max), and more of them are [budget.ErrLimit].
func Parse(b []byte) ([]Mount, error) {
	var all []Mount
	var limit budget.Budget
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			continue
		}
		m, err := parseLine(line)
		if err == nil {
			// A path of many elements makes as many nodes of an index.
			err = limit.Items(1 + max(0, strings.Count(m.Point, "/")-plainDepth))
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		all = append(all, m)
	}
	return all, nil
}

// plainDepth is how deep a mount point is that counts as no more than one item.
const plainDepth = 16

// parseLine reads
//
//	36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
//
// where any number of tags stand before the hyphen. Fields are separated by one
// space each: the source may be empty, as it is for a mount made without one.
func parseLine(line string) (m Mount, err error) {
	f := strings.Split(line, " ")
	sep := 6
	for sep < len(f) && f[sep] != "-" {
		sep++
	}
	if len(f) < sep+4 {
		return m, fmt.Errorf("%d fields, a mount has at least 10", len(f))
	}
	if m.ID, err = strconv.Atoi(f[0]); err != nil {
		return m, fmt.Errorf("mount id %q", f[0])
	}
	if m.Parent, err = strconv.Atoi(f[1]); err != nil {
		return m, fmt.Errorf("parent id %q", f[1])
	}
	if m.Major, m.Minor, err = device(f[2]); err != nil {
		return m, err
	}
	m.Root, m.Point = unescape(f[3]), unescape(f[4])
	if !strings.HasPrefix(m.Point, "/") {
		return m, fmt.Errorf("mount point %q does not start with a slash", f[4])
	}
	m.Options = options(f[5])
	m.Tags = f[6:sep:sep]
	m.Type, m.Source = unescape(f[sep+1]), unescape(f[sep+2])
	m.Super = options(strings.Join(f[sep+3:], " "))
	return m, nil
}

func device(s string) (major, minor uint32, err error) {
	a, b, _ := strings.Cut(s, ":")
	x, err1 := strconv.ParseUint(a, 10, 32)
	y, err2 := strconv.ParseUint(b, 10, 32)
	if err1 != nil || err2 != nil {
		return 0, 0, fmt.Errorf("device %q is not major:minor", s)
	}
	return uint32(x), uint32(y), nil
}

// options splits a list before it undoes escapes: a comma inside a value is escaped
// by some file systems, the separators never are.
func options(s string) []string {
	all := strings.Split(s, ",")
	for i, o := range all {
		all[i] = unescape(o)
	}
	return all
}

// unescape undoes the octal escapes \040 \011 \012 \134 \043 (mangle in the
// kernel's fs/proc_namespace.c). What is not three octal digits stays as it is.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if v, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(v))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
