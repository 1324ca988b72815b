package systemd

import (
	"strconv"
	"strings"
)

// libraries are the places of the library of systemd's own programs, whose name
// carries the version: libsystemd-shared-252.so.
var libraries = []string{
	"usr/lib/systemd/libsystemd-shared-*.so",
	"usr/lib64/systemd/libsystemd-shared-*.so",
	"usr/lib/*-linux-*/systemd/libsystemd-shared-*.so",
	"lib/systemd/libsystemd-shared-*.so",
}

// after252 reports whether systemd in the tree is later than 252, or of unknown
// version. UpheldBy=, .upholds folders and the preset "ignore" came after 252, where
// they are unknown words. It reads nothing unless one of them is met.
func (t *tree) after252() bool {
	if t.later == 0 && t.reading() {
		t.later = 1
		if v := t.version(); v > 0 && v <= 252 {
			t.later = -1
		}
	}
	return t.later >= 0
}

// version answers the highest version of systemd in the tree, 0 when there is none.
func (t *tree) version() int {
	highest := 0
	for _, pattern := range libraries {
		files, err := t.sys.Glob(t.ctx, pattern)
		if err != nil {
			t.err = err
		}
		for _, f := range files {
			_, v, _ := strings.Cut(base(f), "libsystemd-shared-")
			if end := strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' }); end > 0 {
				v = v[:end]
			}
			if n, err := strconv.Atoi(v); err == nil {
				highest = max(highest, n)
			}
		}
	}
	return highest
}
