package inventory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hardening-sdk/hardening/internal/scope"
	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// System is a handle on one machine or image. It is read-only and safe for
// concurrent use. Handles of one system share its facts; each has its own trail of
// what was read through it. What was read is kept: open a new System to look again.
type System struct {
	c     *core
	trail *trail.Trail
	owner *cell // the fact that is collected through this handle, if one is
	term  *term // when that collector returned; nil of any other handle
	lent  bool  // to a check or a collector, by who owns the system
}

// core is what the handles of one system share.
type core struct {
	cfg    Config
	fs     filetree.RootedFS
	omit   exclusions
	limits Limits
	log    *slog.Logger
	seen   nameSet

	mu    sync.Mutex
	cells map[any]*cell
	keyed map[any][]any
}

// New opens a system. It is the one way in, so that a caller can wrap or fake any
// part of a [Config] before. An FS that does not resolve links itself is wrapped in
// [filetree.ResolveLinks].
func New(cfg Config) (*System, error) {
	if cfg.Now.IsZero() {
		cfg.Now = time.Now()
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	c := &core{cfg: cfg, limits: cfg.Limits.orDefault(), log: cfg.Logger,
		cells: map[any]*cell{}, keyed: map[any][]any{}}
	var err error
	if c.omit, err = newExclusions(cfg.Exclude, cfg.Platform.OS == "windows"); err != nil {
		return nil, err
	}
	o := filetree.Options{Live: cfg.Live, Limits: c.limits.tree(), Guarded: c.guarded()}
	if c.fs, err = filetree.Open(cfg.FS, o); err != nil {
		return nil, err
	}
	return &System{c: c, trail: new(trail.Trail)}, nil
}

// guarded reports whether somebody wants to be asked before what is read.
func (c *core) guarded() bool { return c.cfg.Intercept != nil || len(c.omit.all) > 0 }

// Handle returns a handle on the same system that writes a trail; the zero Writer returns s
// itself. It is for runners, which alone can make a trail. What is read through a handle of a
// handle counts for both, until the trail is settled.
func (s *System) Handle(w trail.Writer) *System {
	t := trail.Of(w)
	if t == nil {
		return s
	}
	if s.lent { // nobody judges what the owner of the system reads
		t.Link(s.trail)
	}
	return &System{c: s.c, trail: t, owner: s.owner, term: s.term, lent: true}
}

// errLent refuses what only the owner of a system may do.
var errLent = errors.New("refused: the system is lent to a check or a collector")

// Close releases what [New] opened. The System must not be used after it; the parts of the Config
// stay open, see [Config.Close]. It is an error on a System that was handed to a check or a
// collector.
func (s *System) Close() error {
	if s.lent {
		return fmt.Errorf("close: %w", errLent)
	}
	if c, ok := s.c.fs.(io.Closer); ok && !isSame(s.c.fs, s.c.cfg.FS) {
		return c.Close()
	}
	return nil
}

// isSame reports whether a tree is the one of the Config and not one that was opened for it. What
// cannot be compared was handed in.
func isSame(a, b filetree.FS) bool {
	t := reflect.TypeOf(a)
	return t == reflect.TypeOf(b) && (!t.Comparable() || a == b)
}

// Now is the time of the scan, the same for all who ask.
func (s *System) Now() time.Time { return s.c.cfg.Now }

// Logger is that of the Config, one that discards where there is none.
func (s *System) Logger() *slog.Logger { return s.c.log }

// Live reports whether the system is a running one. It serves the collectors of
// facts; a check asks for facts, which hide the difference.
func (s *System) Live() bool { return s.c.cfg.Live }

// Limits returns the bounds of the scan, defaults filled in.
func (s *System) Limits() Limits { return s.c.limits }

// Facts yields the facts collected so far with their names, sorted by name, for test
// kits and debugging. Facts that ended in an error are left out. On a System that was
// handed to a check or a collector it yields nothing: what others collected is no read.
func (s *System) Facts() iter.Seq2[string, any] {
	if s.lent {
		return func(func(string, any) bool) {}
	}
	type named struct {
		name  string
		value any
	}
	var all []named
	s.c.mu.Lock()
	for _, cl := range s.c.cells {
		if cl.done != nil && cl.done.err == nil {
			all = append(all, named{cl.name, cl.done.value})
		}
	}
	s.c.mu.Unlock()
	slices.SortStableFunc(all, func(a, b named) int { return strings.Compare(a.name, b.name) })
	return func(yield func(string, any) bool) {
		for _, n := range all {
			if !yield(n.name, n.value) {
				return
			}
		}
	}
}

// over returns the error of a read through a handle that has been judged, or of a collector
// that has returned.
func (s *System) over() error {
	if s.trail.Closed() {
		return errJudged
	}
	return s.term.over()
}

// errJudged says that a check kept its System, or another did, and read through it after it was
// judged.
var errJudged = errors.New("a check read after it was judged")

// before is called ahead of every read.
func (s *System) before(ctx context.Context, op, name string) error {
	if err := s.over(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return scope.Cause(ctx)
	}
	switch op {
	case OpProbe, OpKeys, OpValues:
	default:
		if err := s.c.omit.of(name); err != nil {
			return err
		}
	}
	if s.c.cfg.Intercept != nil {
		return s.c.cfg.Intercept(ctx, Read{op, name})
	}
	return nil
}

// Probe asks the system's [Prober] and returns its JSON document. Without one it is
// [ErrUnavailable] on a running system and [ErrNotLive] on any other.
func (s *System) Probe(ctx context.Context, name string) ([]byte, error) {
	s.begin(Read{OpProbe, name})
	doc, err := s.probe(ctx, name)
	if err != nil {
		err = fmt.Errorf("probe %s: %w", name, err)
	}
	s.finish(Read{OpProbe, name}, err)
	return doc, err
}

func (s *System) probe(ctx context.Context, name string) ([]byte, error) {
	if err := s.before(ctx, OpProbe, name); err != nil {
		return nil, err
	}
	switch {
	case s.c.cfg.Prober != nil:
		return s.c.cfg.Prober.Probe(ctx, name)
	case s.c.cfg.Live:
		return nil, ErrUnavailable
	}
	return nil, ErrNotLive
}

// Registry returns the system's registry, its reads tracked. Without one every call
// is [ErrUnavailable].
func (s *System) Registry(ctx context.Context) Registry {
	return trackedRegistry{ctx, s}
}

type trackedRegistry struct {
	ctx context.Context
	s   *System
}

func (r trackedRegistry) Keys(path string) ([]string, error) {
	return trackRegistry(r, OpKeys, path, Registry.Keys)
}

func (r trackedRegistry) Values(path string) ([]Value, error) {
	return trackRegistry(r, OpValues, path, Registry.Values)
}

// trackRegistry does one read of the registry with all that belongs around it.
func trackRegistry[T any](
	r trackedRegistry, op, path string, read func(Registry, string) ([]T, error),
) (all []T, err error) {
	r.s.begin(Read{op, path})
	if err = r.s.before(r.ctx, op, path); err == nil {
		if reg := r.s.c.cfg.Registry; reg != nil {
			all, err = read(reg, path)
		} else {
			err = ErrUnavailable
		}
	}
	err = filetree.PathError(op, path, err)
	r.s.finish(Read{op, path}, err)
	return all, err
}
