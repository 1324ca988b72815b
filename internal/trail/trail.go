// Package trail keeps what was read on the way to one verdict, and what of it failed. A handle
// of a system writes a [Trail]; only a runner reads it.
//
// A check gets a handle and never its trail, so that nothing it does hides a failed read: a
// handle is made with a [Writer], of which nobody else can have any but the zero one. A zero
// Trail is ready for use.
package trail

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Read is one thing that was read: a kind of read and a name. The kind "fact" stands for a
// fact that was asked for.
type Read struct{ Op, Name string }

// OpFact is the kind of a [Read] that stands for a fact that could not be collected.
const OpFact = "fact"

func compareReads(a, b Read) int {
	if c := strings.Compare(a.Name, b.Name); c != 0 {
		return c
	}
	return strings.Compare(a.Op, b.Op)
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
	failed  bool           // one of reads has an error
	sorted  []Seen         // what own has returned, nil where reads came since
	pending []Read         // begun and not finished, each as often as it was begun
	parts   map[*Trail]bool
	settled map[*Trail]bool // whose failures were judged already
	excused map[string]bool
	absent  map[Read]bool // what was looked for and is not there
	fact    string        // whose collector reads; empty for a check, and for what several facts share
	parent  *Trail        // that this one is a part of, by Link
	closed  bool
}

// OfFact returns the trail of a collector.
func OfFact(name string) *Trail { return &Trail{fact: name} }

// Writer is the right to write a trail, and no more. Code that infers its type from the handle
// of a system gets the zero Writer, which is of no trail.
type Writer struct{ t *Trail }

// Writer returns the right to write t.
func (t *Trail) Writer() Writer { return Writer{t} }

// Of returns the trail that w writes, nil for the zero Writer.
func Of(w Writer) *Trail { return w.t }

// ErrPending is the failure of a read that was begun and has not ended, because it is under way
// in a goroutine that was left behind, or because somebody's code panicked in it.
var ErrPending = errors.New("a read did not end")

// Begin notes that a read is under way. Until [Trail.Finish] it counts as a failure.
func (t *Trail) Begin(r Read) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending = append(t.pending, r)
	t.sorted = nil
}

// Finish ends what Begin began, with the error of the read; see [Trail.Record].
func (t *Trail) Finish(r Read, err, absent error) {
	t.mu.Lock()
	if i := slices.Index(t.pending, r); i >= 0 {
		t.pending = slices.Delete(t.pending, i, i+1)
		t.sorted = nil
	}
	t.mu.Unlock()
	t.Record(r, err, absent)
}

// Close says that what was read has been judged. What is read later counts for the trails
// above that are still open.
func (t *Trail) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
}

// Closed reports whether Close was called.
func (t *Trail) Closed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.closed
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
	gone := r.Op != OpFact && IsAbsence(err)
	if gone || r.Op == OpFact && only(err, absent) {
		err = nil
	}
	if r.Op == OpFact && err == nil {
		return // its own reads are those of a part
	}
	t.mu.Lock()
	if gone {
		if t.absent == nil {
			t.absent = map[Read]bool{}
		}
		t.absent[r] = true
	}
	if t.reads == nil {
		t.reads = map[Read]error{}
	}
	if err != nil || t.reads[r] == nil {
		t.reads[r] = err
		t.sorted = nil
		t.failed = t.failed || err != nil
	}
	up := t.parent
	if !t.closed {
		up = nil
	}
	t.mu.Unlock()
	if up != nil {
		up.Record(r, err, absent)
	}
}

// IsAbsence reports whether err says that a file is not there, and nothing beside it: of
// several joined errors the others could matter.
func IsAbsence(err error) bool {
	for err != nil {
		if err == fs.ErrNotExist {
			return true
		}
		if is, ok := err.(interface{ Is(error) bool }); ok && is.Is(fs.ErrNotExist) {
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
	return &Trail{reads: maps.Clone(t.reads), failed: t.failed, pending: slices.Clone(t.pending), parts: maps.Clone(t.parts),
		settled: maps.Clone(t.settled), excused: maps.Clone(t.excused), absent: maps.Clone(t.absent), fact: t.fact}
}

// Reads returns all reads of t and its parts, facts left out, sorted by name and kind.
func (t *Trail) Reads() []Read {
	seen := t.Seen()
	all := make([]Read, len(seen))
	for i, s := range seen {
		all[i] = s.Read
	}
	return all
}

// Seen is a read with what came of it.
type Seen struct {
	Read   Read
	Fact   string // whose collector made it; empty if the check did
	Absent bool   // it found that nothing is there
}

// compareSeen orders by name and kind, and of one read those that a fact made first.
func compareSeen(a, b Seen) int {
	if c := compareReads(a.Read, b.Read); c != 0 {
		return c
	}
	switch {
	case a.Fact == b.Fact:
		return 0
	case a.Fact == "":
		return 1
	case b.Fact == "":
		return -1
	}
	return cmp.Compare(a.Fact, b.Fact)
}

// Seen returns what Reads returns, with what came of each. Of several facts that share a read the
// first by name counts.
func (t *Trail) Seen() []Seen {
	var lists [][]Seen
	t.appendSeen(&lists, "", map[visit]bool{})
	return merge(lists)
}

// visit is a trail that was met below a fact. One without a name, which several facts share, is
// met below each.
type visit struct {
	t    *Trail
	fact string
}

// appendSeen appends the sorted reads of t and of each of its parts. Those of a trail without a
// name are of the fact that it is met below.
func (t *Trail) appendSeen(lists *[][]Seen, fact string, done map[visit]bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fact != "" {
		fact = t.fact
	}
	if done[visit{t, fact}] {
		return
	}
	done[visit{t, fact}] = true
	if own := t.own(); len(own) > 0 {
		if fact != t.fact {
			own = slices.Clone(own)
			for i := range own {
				own[i].Fact = fact
			}
		}
		*lists = append(*lists, own)
	}
	for p := range t.parts {
		p.appendSeen(lists, fact, done)
	}
	for p := range t.settled {
		p.appendSeen(lists, fact, done)
	}
}

// Facts returns the names of the facts that were asked through t and its handles, not those that
// these facts are made of, sorted.
func (t *Trail) Facts() []string {
	all := map[string]bool{}
	t.addFacts(all)
	return slices.Sorted(maps.Keys(all))
}

func (t *Trail) addFacts(all map[string]bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, parts := range []map[*Trail]bool{t.parts, t.settled} {
		for p := range parts {
			if p.fact != "" {
				all[p.fact] = true
			} else {
				p.addFacts(all)
			}
		}
	}
}

// own returns the reads of t itself, sorted. t.mu is held. They are kept, since the trails of
// facts are asked often.
func (t *Trail) own() []Seen {
	if t.sorted != nil {
		return t.sorted
	}
	all := make([]Seen, 0, len(t.reads)+len(t.pending))
	add := func(r Read) {
		if r.Op != OpFact {
			all = append(all, Seen{r, t.fact, t.absent[r]})
		}
	}
	for r := range t.reads {
		add(r)
	}
	for _, r := range t.pending {
		add(r)
	}
	slices.SortFunc(all, compareSeen)
	t.sorted = all
	return all
}

// merge returns sorted lists as one, each read once. The longest list is mostly much longer than
// all others together, so that only these are sorted again.
func merge(lists [][]Seen) []Seen {
	var long []Seen
	n := 0
	for _, l := range lists {
		n += len(l)
		if len(l) > len(long) {
			long = l
		}
	}
	rest := make([]Seen, 0, n-len(long))
	for _, l := range lists {
		if len(l) > 0 && &l[0] != &long[0] {
			rest = append(rest, l...)
		}
	}
	slices.SortFunc(rest, compareSeen)
	all := make([]Seen, 0, n)
	for _, r := range rest {
		i, _ := slices.BinarySearchFunc(long, r, compareSeen)
		all = append(append(all, long[:i]...), r)
		long = long[i:]
	}
	return slices.CompactFunc(append(all, long...), func(a, b Seen) bool { return a.Read == b.Read })
}

// Failures returns what failed and was neither excused nor settled, sorted by name and kind.
// A check over it can fail, but neither pass nor find itself without a subject.
func (t *Trail) Failures() []Failure { return t.list(false, false) }

// AllFailures is [Trail.Failures] with those that were settled.
func (t *Trail) AllFailures() []Failure { return t.list(true, false) }

// Excused returns what failed and was excused, by whoever read it, sorted by name and kind.
func (t *Trail) Excused() []Failure { return t.list(true, true) }

func (t *Trail) list(settled, excused bool) []Failure {
	f := t.failures(settled, map[question]failures{})
	some := f.open
	if excused {
		some = f.pardoned
	}
	if len(some) == 0 {
		return nil
	}
	list := make([]Failure, 0, len(some))
	for _, r := range slices.SortedFunc(maps.Keys(some), compareReads) {
		list = append(list, Failure{Read: r, Err: some[r]})
	}
	return list
}

// failures are what failed in a trail and its parts: what is open and what was excused. The
// maps are nil where there is nothing.
type failures struct{ open, pardoned map[Read]error }

// question is whether the failures of a trail are asked for with those that were settled.
type question struct {
	t       *Trail
	settled bool
}

// failures returns what failed in t and its parts, where settled is set also what was judged
// already. A part's own excuses hold for the part only. Facts that many ask are parts of many
// trails; known keeps what was found for each.
func (t *Trail) failures(settled bool, known map[question]failures) failures {
	q := question{t, settled}
	if f, ok := known[q]; ok {
		return f
	}
	known[q] = failures{}
	t.mu.Lock()
	parts := make([]*Trail, 0, len(t.parts)+len(t.settled))
	parts = slices.AppendSeq(parts, maps.Keys(t.parts))
	if settled {
		parts = slices.AppendSeq(parts, maps.Keys(t.settled))
	}
	var mine map[Read]error
	for _, r := range t.pending {
		mine = put(mine, r, ErrPending)
	}
	if t.failed {
		for r, err := range t.reads {
			if err != nil {
				mine = put(mine, r, err)
			}
		}
	}
	excused := maps.Clone(t.excused)
	t.mu.Unlock()
	var f failures
	for _, p := range parts {
		below := p.failures(true, known)
		for r, err := range below.pardoned {
			f.pardoned = put(f.pardoned, r, err)
		}
		for r, err := range below.open {
			if mine[r] == nil {
				mine = put(mine, r, err)
			}
		}
	}
	for r, err := range mine {
		if excused[r.Name] {
			f.pardoned = put(f.pardoned, r, err)
		} else {
			f.open = put(f.open, r, err)
		}
	}
	known[q] = f
	return f
}

// put adds to a map of errors, which it makes where there is none: most trails have no failure.
func put(m map[Read]error, r Read, err error) map[Read]error {
	if m == nil {
		m = map[Read]error{}
	}
	m[r] = err
	return m
}
