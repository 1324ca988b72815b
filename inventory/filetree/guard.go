package filetree

import (
	"errors"
	"fmt"
	"io/fs"
)

// LinkGuard is asked about the names that links lead to, so that a rule about names holds
// whatever way leads there. Each function may be nil.
type LinkGuard struct {
	// Enter is asked before an element behind a link is looked at in any way.
	Enter func(name string) error
	// Read is asked about the name without links before it is read, and with link set
	// about each further link on the way.
	Read func(name string, link bool) error
}

// GuardLinks returns f with a guard, for one read. F is what [Open] returned with Guarded set.
func GuardLinks(f RootedFS, g *LinkGuard) RootedFS {
	if t, ok := f.(GuardedFS); ok {
		return t.GuardLinks(g)
	}
	return f
}

// enter asks about an element behind so many links.
func (g *LinkGuard) enter(links int, name string) error {
	if g == nil || g.Enter == nil || links == 0 {
		return nil
	}
	return g.Enter(name)
}

// follow asks about a link behind so many others.
func (g *LinkGuard) follow(links int, name string) error {
	if g == nil || g.Read == nil || links == 0 {
		return nil
	}
	return g.Read(name, true)
}

// read asks about the name that so many links lead to. Where the guard allows it, err is
// returned: the guard also keeps secret that nothing is there. A name that was reached and
// that the guard calls missing has vanished, which is no absence.
func (g *LinkGuard) read(links int, name string, err error) error {
	if g == nil || g.Read == nil || links == 0 {
		return err
	}
	denied := g.Read(name, false)
	switch {
	case denied == nil:
		return err
	case err == nil && errors.Is(denied, fs.ErrNotExist):
		return fmt.Errorf("%s is gone: %w", name, ErrChanged)
	}
	return denied
}
