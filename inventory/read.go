package inventory

import (
	"github.com/hardening-sdk/hardening/internal/trail"
)

// Read is one thing that was read of a system, the unit of [Config].Intercept and of
// Outcome.Reads in package check. Op is the kind: stat, lstat, readlink, read, list, xattr or
// walk of a file ([filetree.OpStat] and its neighbors), or one of the constants here. Name is
// a file name, a registry path or the name of a probe.
type Read struct {
	Op   string `json:"op"`
	Name string `json:"name"`
}

// String is "stat etc/shadow".
func (r Read) String() string { return r.Op + " " + r.Name }

// The kinds of reads that are not of the file tree.
const (
	OpProbe  = "probe"  // a document of the Prober
	OpKeys   = "keys"   // the keys below a registry key
	OpValues = "values" // the values of a registry key
)

// record notes a read in the trail of the handle, and what a collector read after it
// returned in that of its fact.
func (s *System) record(r Read, err error) {
	s.trail.Record(trail.Read(r), err, ErrAbsent)
	s.term.record(r, err)
}

// begin notes that a read is under way. If nothing finishes it, because somebody's code panics
// in it or it is left behind in a goroutine, it has failed.
func (s *System) begin(r Read) { s.trail.Begin(trail.Read(r)) }

// finish notes the end of a read.
func (s *System) finish(r Read, err error) {
	s.trail.Finish(trail.Read(r), err, ErrAbsent)
	s.term.record(r, err)
}

// Excuse says that what failed, or will fail, for the file, registry path, probe or
// fact of this name does no harm to the verdict, because what took its place is as
// good. It holds for this handle and what it asked for, nothing else. The outcome of the
// rule lists what was excused.
func (s *System) Excuse(name string) { s.trail.Excuse(name) }

// Reads returns what was read through this handle, sorted by name and kind; the
// reads of the facts it asked for are among them, whoever had them collected.
func (s *System) Reads() []Read {
	reads := s.trail.Reads()
	if len(reads) == 0 {
		return nil
	}
	all := make([]Read, len(reads))
	for i, r := range reads {
		all[i] = Read(r)
	}
	return all
}
