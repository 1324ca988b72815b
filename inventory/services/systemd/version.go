package systemd

import (
	"context"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Version returns the version of systemd in a tree, such as 252. The name of the library of
// systemd's own programs has it. It is 0 where there is none.
var Version = inventory.NewFact("systemd.version", collectVersion)

func collectVersion(ctx context.Context, s *inventory.System) (int, error) {
	t := newTree(s.FS(ctx))
	t.split = true // lib may be listed again, which does no harm
	v := t.findVersion()
	return v, t.err
}

// after252 reports whether systemd in the tree is later than 252, or of unknown version. UpheldBy=,
// .upholds folders and the preset "ignore" are unknown words up to 252. The version is looked up
// only where one of them is used.
func (t *tree) after252() bool {
	if t.later == 0 && t.canRead() {
		t.later = 1
		if v := t.findVersion(); v > 0 && v <= 252 {
			t.later = -1
		}
	}
	return t.later >= 0
}

// findVersion returns the highest version of systemd in the tree, or 0. The library of systemd's
// own programs has it in its name, such as libsystemd-shared-252.so.
func (t *tree) findVersion() int {
	dirs := []string{"usr/lib/systemd", "usr/lib64/systemd"}
	if t.split {
		dirs = append(dirs, "lib/systemd")
	}
	for _, e := range t.list("usr/lib") {
		if strings.Contains(e.name, "-linux-") { // such as x86_64-linux-gnu
			dirs = append(dirs, "usr/lib/"+e.name+"/systemd")
		}
	}
	highest := 0
	for _, dir := range dirs {
		for _, e := range t.list(dir) {
			v, ok := strings.CutPrefix(e.name, "libsystemd-shared-")
			if end := strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' }); ok && end > 0 {
				if n, err := strconv.Atoi(v[:end]); err == nil {
					highest = max(highest, n)
				}
			}
		}
	}
	return highest
}
