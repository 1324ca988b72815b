package inventory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path"
	"strings"
	"time"

	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Config says what a [System] is made of. A nil or zero field means that part is
// not available or has its default. [Host] and [Dir] return one that a caller may
// change, wrap or fake in any part before it is handed to [New].
type Config struct {
	// FS is the file tree. Nil is a system of which no file can be seen.
	FS filetree.FS
	// Registry is the Windows registry, live or from hives.
	Registry Registry
	// Prober tells what neither files nor registry show on a live host.
	Prober Prober
	// Live says that the system is running and that FS shows its /proc and /sys.
	// On any other system names below proc and sys are [ErrNotLive].
	Live bool
	// Platform, where it is known beforehand. Its empty fields are read from the
	// system; see [System.Platform].
	Platform Platform
	// Limits bounds the scan.
	Limits Limits
	// Now is the time of the scan, which everything dated is judged by. Zero
	// means the time of the call of [New].
	Now time.Time
	// Logger receives what a person who debugs a scan wants to know: names,
	// durations and errors, never content. Nil logs nothing.
	Logger *slog.Logger
	// Intercept is called before every read of any kind, and its error is returned
	// instead. It serves faults in tests, throttling, and a vendor's deny list. It is
	// asked for the name as it was asked for, then for the name behind links where that
	// is another one, and for each folder of the walk ("walk home/amy"), but not for each
	// file there, of which the walk sees the owner, the mode and the size. It may be
	// called at the same time from many goroutines.
	//
	// A deny list returns an error that wraps [ErrExcluded] or [fs.ErrPermission]: rules
	// that need the name are then unknown with that reason. An error that wraps none of
	// the errors here makes them an error.
	Intercept func(context.Context, Read) error
	// Exclude leaves folders out of the scan: names, or patterns of [path.Match] for
	// them, such as "home/*". Neither they nor what is below them is read, by whatever
	// way a name leads there: it is [ErrExcluded]. A rule whose verdict would need them
	// is unknown with that reason, unless the rule itself excepts them. What matches
	// nothing has no effect; a file that matches is not read, but the walk lists it. Letter case does not matter where Platform.OS is windows.
	Exclude []string
}

// Close closes those parts of c that have a Close, such as the trees of [Host] and [Dir]. It is for
// whoever made them, once no System of c is used any more; several Systems may share one Config.
func (c Config) Close() error {
	var errs []error
	for _, part := range []any{c.FS, c.Registry, c.Prober} {
		if closer, ok := part.(io.Closer); ok {
			errs = append(errs, closer.Close())
		}
	}
	return errors.Join(errs...)
}

// Prober tells what a running system shows neither in its files nor in its registry, by
// names such as "windows/services". Probe returns a JSON document, whose shape the package
// of the fact states. Documents can be recorded and replayed: a fake is fixture text.
//
// A name that the prober does not know is an error that wraps [ErrUnavailable]. A prober
// reads; it runs no program and opens no connection.
type Prober interface {
	Probe(ctx context.Context, name string) ([]byte, error)
}

// exclusions are the patterns of Config.Exclude.
type exclusions struct {
	all  []exclusion
	fold bool // letter case does not matter
}

type exclusion struct {
	pattern string
	elems   int
}

func newExclusions(patterns []string, fold bool) (exclusions, error) {
	x := exclusions{fold: fold}
	var errs []error
	for _, p := range patterns {
		if _, err := path.Match(p, ""); err != nil || !filetree.ValidName(p) || p == "." {
			errs = append(errs, fmt.Errorf("exclude %q: %w: neither a folder below the root nor a pattern for one", p, fs.ErrInvalid))
			continue
		}
		x.all = append(x.all, exclusion{x.key(p), strings.Count(p, "/") + 1})
	}
	return x, errors.Join(errs...)
}

func (x exclusions) key(name string) string {
	if x.fold {
		return strings.ToLower(name)
	}
	return name
}

// of returns the error for a name that is left out.
func (x exclusions) of(name string) error {
	for _, e := range x.all {
		if ok, _ := path.Match(e.pattern, firstElems(x.key(name), e.elems)); ok {
			return fmt.Errorf("%w: %s", ErrExcluded, e.pattern)
		}
	}
	return nil
}

// firstElems returns the first n elements of a name.
func firstElems(name string, n int) string {
	end := 0
	for range n {
		i := strings.IndexByte(name[end:], '/')
		if i < 0 {
			return name
		}
		end += i + 1
	}
	return name[:end-1]
}
