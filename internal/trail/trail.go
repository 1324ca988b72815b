// Package trail keeps what was read on the way to one verdict, and what of it failed. A handle
// of a system writes a [Trail]; only a runner reads it.
//
// A check gets a handle and never its trail, so that nothing it does hides a failed read. A
// zero Trail is ready for use.
package trail

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// Read is one thing that was read: a kind of read and a name. The kind "fact" stands for a
// fact that was asked for.
type Read struct{ Op, Name string }

// OpFact is the kind of a [Read] that stands for a fact that could not be collected.
const OpFact = "fact"

func compareReads(a, b Read) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Op, b.Op))
}

// Failure is a read, or a fact, that failed otherwise than by absence.
type Failure struct {
	Read Read
	Err  error
}

// Trail is what was read through one handle. Facts are parts: their trails are shared by all
// who asked. All methods may be called at the same time.
type Trail struct {
	mu      sync.Mutex
	reads   map[Read]error // what failed has its error, all else nil
	parts   map[*Trail]bool
	settled map[*Trail]bool // whose failures were judged already
	excused map[string]bool
	parent  *Trail // that this one is a part of, by Link
}

// Link makes t a part of parent: what is read through t counts for both until t is settled.
func (t *Trail) Link(parent *Trail) {
	t.mu.Lock()
	t.parent = parent
	t.mu.Unlock()
	parent.AddPart(t)
}

// Record notes a read. That a file is not there is knowledge and no failure; absent is the
// error by which a fact says that its subject is not on the system, which is none either. A
// fact that fails by a missing file has no value that could be judged.
func (t *Trail) Record(r Read, err, absent error) {
	if r.Op != OpFact && errors.Is(err, fs.ErrNotExist) || only(err, absent) {
		err = nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.reads == nil {
		t.reads = map[Read]error{}
	}
	if err != nil || t.reads[r] == nil {
		t.reads[r] = err
	}
}

// only reports whether err is target and nothing beside it.
func only(err, target error) bool {
	for err != nil {
		if err == target {
			return true
		}
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return false
		}
		err = u.Unwrap()
	}
	return false
}

// AddPart makes the reads and failures of p count for t.
func (t *Trail) AddPart(p *Trail) {
	if p == t {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.parts == nil {
		t.parts = map[*Trail]bool{}
	}
	t.parts[p] = true
}

// Settle says that the failures of t have been judged: the trail that it is a part of keeps
// its reads, but no longer its failures.
func (t *Trail) Settle() {
	t.mu.Lock()
	parent := t.parent
	t.mu.Unlock()
	if parent == nil {
		return
	}
	parent.mu.Lock()
	defer parent.mu.Unlock()
	if parent.settled == nil {
		parent.settled = map[*Trail]bool{}
	}
	parent.settled[t] = true
	delete(parent.parts, t)
}

// Excuse says that failures of the reads, or the fact, of this name do no harm.
func (t *Trail) Excuse(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.excused == nil {
		t.excused = map[string]bool{}
	}
	t.excused[name] = true
}

// Snapshot returns a copy that belongs to no other trail, so that a collector that was left
// behind cannot change what others share.
func (t *Trail) Snapshot() *Trail {
	t.mu.Lock()
	defer t.mu.Unlock()
	return &Trail{reads: maps.Clone(t.reads), parts: maps.Clone(t.parts),
		settled: maps.Clone(t.settled), excused: maps.Clone(t.excused)}
}

// Reads returns all reads of t and its parts, facts left out, sorted by name and kind.
func (t *Trail) Reads() []Read {
	all := map[Read]bool{}
	t.collectReads(all, map[*Trail]bool{})
	return slices.SortedFunc(maps.Keys(all), compareReads)
}

func (t *Trail) collectReads(into map[Read]bool, seen map[*Trail]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	t.mu.Lock()
	defer t.mu.Unlock()
	for r := range t.reads {
		if r.Op != OpFact {
			into[r] = true
		}
	}
	for p := range t.parts {
		p.collectReads(into, seen)
	}
	for p := range t.settled {
		p.collectReads(into, seen)
	}
}

// Failures returns what failed and was neither excused nor settled, sorted by name and kind.
// A check over it can fail, but neither pass nor find itself without a subject.
func (t *Trail) Failures() []Failure { return t.list(false, false) }

// AllFailures is [Trail.Failures] with those that were settled.
func (t *Trail) AllFailures() []Failure { return t.list(true, false) }

// Excused returns what failed and was excused, by whoever read it, sorted by name and kind.
func (t *Trail) Excused() []Failure { return t.list(true, true) }

func (t *Trail) list(settled, excused bool) []Failure {
	open, pardoned := map[Read]error{}, map[Read]error{}
	t.failures(open, pardoned, settled)
	if excused {
		open = pardoned
	}
	list := make([]Failure, 0, len(open))
	for _, r := range slices.SortedFunc(maps.Keys(open), compareReads) {
		list = append(list, Failure{Read: r, Err: open[r]})
	}
	return list
}

// failures adds what failed in t and its parts to open or, where it was excused, to pardoned;
// where settled is set also what was judged already. A part's own excuses hold for the part
// only.
func (t *Trail) failures(open, pardoned map[Read]error, settled bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine := map[Read]error{}
	for p := range t.parts {
		p.failures(mine, pardoned, true)
	}
	if settled {
		for p := range t.settled {
			p.failures(mine, pardoned, true)
		}
	}
	for r, err := range t.reads {
		if err != nil {
			mine[r] = err
		}
	}
	for r, err := range mine {
		if t.excused[r.Name] {
			pardoned[r] = err
		} else {
			open[r] = err
		}
	}
}
