package inventory

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// Read is one thing that was read of a system, the unit of [Config.Intercept] and
// of a check's trail. Op is one of the constants below; Name is a file name, a
// registry path or the name of a probe.
type Read struct {
	Op   string `json:"op"`
	Name string `json:"name"`
}

// String is "stat etc/shadow".
func (r Read) String() string { return r.Op + " " + r.Name }

func compareReads(a, b Read) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Op, b.Op))
}

// The kinds of reads. "stat etc/shadow" is not "read etc/shadow": the one may be
// allowed where the other is not.
const (
	OpStat     = "stat"     // a file's identity, links followed
	OpLstat    = "lstat"    // a file's or link's own identity
	OpReadLink = "readlink" // the target of a link
	OpRead     = "read"     // a file's content
	OpList     = "list"     // the names in a folder
	OpXattr    = "xattr"    // an extended attribute
	OpWalk     = "walk"     // the one walk of the whole tree; Name is "."
	OpProbe    = "probe"    // a document of the Prober
	OpKeys     = "keys"     // the keys below a registry key
	OpValues   = "values"   // the values of a registry key
)

// opFact stands in a [Failure] for a fact that could not be collected.
const opFact = "fact"

// Failure is a read, or a fact, that failed otherwise than by absence. The Op of a
// failed fact is "fact", its Name the fact's.
type Failure struct {
	Read Read
	Err  error
}

// trail is what was read through one handle. Facts are parts: their trails are
// shared by all who asked, and never change once they are answered.
type trail struct {
	mu      sync.Mutex
	reads   map[Read]error // what failed has its error, all else nil
	parts   map[*trail]bool
	settled map[*trail]bool // whose failures were judged already
	excused map[string]bool
}

func newTrail() *trail { return &trail{reads: map[Read]error{}} }

// record notes a read. That a file is not there is an answer; of a fact it is only
// [ErrAbsent], for a fact that fails by a missing file has no value that could be judged.
func (t *trail) record(r Read, err error) {
	if r.Op != opFact && errors.Is(err, fs.ErrNotExist) || only(err, ErrAbsent) {
		err = nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
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

func (t *trail) addPart(p *trail) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.parts == nil {
		t.parts = map[*trail]bool{}
	}
	t.parts[p] = true
}

func (t *trail) settle(p *trail) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.settled == nil {
		t.settled = map[*trail]bool{}
	}
	t.settled[p] = true
	delete(t.parts, p)
}

func (t *trail) excuse(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.excused == nil {
		t.excused = map[string]bool{}
	}
	t.excused[name] = true
}

// snapshot copies t, so that a collector that was left behind cannot change what
// others share.
func (t *trail) snapshot() *trail {
	t.mu.Lock()
	defer t.mu.Unlock()
	return &trail{reads: maps.Clone(t.reads), parts: maps.Clone(t.parts),
		settled: maps.Clone(t.settled), excused: maps.Clone(t.excused)}
}

// collectReads adds all reads of t and its parts to into.
func (t *trail) collectReads(into map[Read]bool, seen map[*trail]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	t.mu.Lock()
	defer t.mu.Unlock()
	for r := range t.reads {
		if r.Op != opFact {
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

// failures adds what failed in t and its parts and was not excused, and where settled
// is set also what was judged already. A part's own excuses hold for the part only.
func (t *trail) failures(into map[Read]error, settled bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine := map[Read]error{}
	for p := range t.parts {
		p.failures(mine, true)
	}
	if settled {
		for p := range t.settled {
			p.failures(mine, true)
		}
	}
	for r, err := range t.reads {
		if err != nil {
			mine[r] = err
		}
	}
	for r, err := range mine {
		if !t.excused[r.Name] {
			into[r] = err
		}
	}
}

// Handle answers a handle on the same system with a trail of its own. A runner gives one
// to each check, so that it knows what the check read. What is read through a handle of a
// handle counts for both, until it is settled.
func (s *System) Handle() *System {
	h := &System{c: s.c, trail: newTrail(), owner: s.owner, handle: true}
	if s.handle || s.owner != nil {
		s.trail.addPart(h.trail)
	}
	return h
}

// Settle keeps the reads of h, a handle of s, but no longer its failures: they have been
// judged. It is for runners; a check that settles its own failures would pass unseen.
func (s *System) Settle(h *System) { s.trail.settle(h.trail) }

// Adopt adds the reads of h to s, and its failures, settled ones too.
func (s *System) Adopt(h *System) { s.trail.addPart(h.trail) }

// Excuse says that what failed, or will fail, for the file, registry path, probe or
// fact of this name does no harm to the answer, because what took its place is as
// good. It holds for this handle and what it asked for, nothing else.
func (s *System) Excuse(name string) { s.trail.excuse(name) }

// Reads answers what was read through this handle, sorted by name and kind; the
// reads of the facts it asked for are among them, whoever had them collected.
func (s *System) Reads() []Read {
	all := map[Read]bool{}
	s.trail.collectReads(all, map[*trail]bool{})
	return slices.SortedFunc(maps.Keys(all), compareReads)
}

// Failures answers what failed in this handle and was not excused, sorted by name
// and kind. A check over it can fail, but neither pass nor find itself without a
// subject.
func (s *System) Failures() []Failure { return s.failures(false) }

// AllFailures is [System.Failures] with those that were settled.
func (s *System) AllFailures() []Failure { return s.failures(true) }

func (s *System) failures(settled bool) []Failure {
	all := map[Read]error{}
	s.trail.failures(all, settled)
	list := make([]Failure, 0, len(all))
	for _, r := range slices.SortedFunc(maps.Keys(all), compareReads) {
		list = append(list, Failure{Read: r, Err: all[r]})
	}
	return list
}
