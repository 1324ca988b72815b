package trail_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/hardening-sdk/hardening/internal/trail"
)

var (
	errAbsent = errors.New("subject is absent")
	errBroken = errors.New("broken")
	passwd    = trail.Read{Op: "read", Name: "etc/passwd"}
	shadow    = trail.Read{Op: "read", Name: "etc/shadow"}
	users     = trail.Read{Op: trail.OpFact, Name: "users"}
)

// failing is a trail on which the reads failed.
func failing(reads ...trail.Read) *trail.Trail {
	t := new(trail.Trail)
	for _, r := range reads {
		t.Record(r, errBroken, errAbsent)
	}
	return t
}

func names(all []trail.Failure) string {
	s := ""
	for _, f := range all {
		s += f.Read.Name + " "
	}
	return s
}

func TestWhatIsAFailure(t *testing.T) {
	missing := &fs.PathError{Op: "open", Path: "etc/passwd", Err: fs.ErrNotExist}
	for name, tt := range map[string]struct {
		read trail.Read
		err  error
		want bool
	}{
		"a good read":                   {passwd, nil, false},
		"a missing file":                {passwd, missing, false},
		"another error":                 {passwd, fmt.Errorf("x: %w", errBroken), true},
		"an absent subject":             {users, fmt.Errorf("users: %w", errAbsent), false},
		"absent and broken":             {users, errors.Join(errAbsent, errBroken), true},
		"a fact without its file":       {users, missing, true},
		"a file with an absent subject": {passwd, errAbsent, true},
	} {
		tr := new(trail.Trail)
		tr.Record(tt.read, tt.err, errAbsent)
		if got := len(tr.Failures()) > 0; got != tt.want {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
		if got := len(tr.Reads()) == 1; got != (tt.read != users) {
			t.Errorf("%s: got reads %v", name, tr.Reads())
		}
	}
}

// A read that failed once stays a failure, whatever it gives later.
func TestFailuresStay(t *testing.T) {
	tr := failing(passwd)
	tr.Record(passwd, nil, errAbsent)
	if len(tr.Failures()) != 1 {
		t.Errorf("got %v", tr.Failures())
	}
}

func TestPartsAndSettling(t *testing.T) {
	parent, child, fact := new(trail.Trail), failing(passwd), failing(shadow)
	child.Link(parent)
	child.AddPart(fact)
	if got := names(parent.Failures()); got != "etc/passwd etc/shadow " {
		t.Errorf("linked: got %q", got)
	}
	child.Settle()
	if got := names(parent.Failures()); got != "" {
		t.Errorf("settled: got %q", got)
	}
	if got := names(parent.AllFailures()); got != "etc/passwd etc/shadow " {
		t.Errorf("settled, all: got %q", got)
	}
	if got := len(parent.Reads()); got != 2 {
		t.Errorf("settled: got %d reads", got)
	}
	above := new(trail.Trail)
	parent.Link(above) // what was settled below is open again for who never judged it
	if got := names(above.Failures()); got != "etc/passwd etc/shadow " {
		t.Errorf("above: got %q", got)
	}
}

// A trail that nobody made, or that is linked twice or to itself, loses nothing.
func TestForgedTrailsCount(t *testing.T) {
	a, b, c := new(trail.Trail), new(trail.Trail), &trail.Trail{}
	c.Settle()
	c.Link(a)
	c.Link(b)
	c.Link(c)
	c.Record(passwd, errBroken, errAbsent)
	for _, tr := range []*trail.Trail{a, b, c} {
		if len(tr.Failures()) != 1 || len(tr.Reads()) != 1 {
			t.Errorf("got %v, %v", tr.Failures(), tr.Reads())
		}
	}
}

// An excuse holds for the trail that makes it and what it asked for, not for the others that
// share a part.
func TestExcuses(t *testing.T) {
	fact := failing(passwd, shadow)
	mine, other := new(trail.Trail), new(trail.Trail)
	mine.AddPart(fact)
	other.AddPart(fact)
	mine.Excuse("etc/passwd")
	mine.Excuse("etc/motd")
	if got := names(mine.Failures()); got != "etc/shadow " {
		t.Errorf("got %q", got)
	}
	if got := names(mine.Excused()); got != "etc/passwd " {
		t.Errorf("excused: got %q", got)
	}
	if got := names(other.Failures()); got != "etc/passwd etc/shadow " {
		t.Errorf("another: got %q", got)
	}
	fact.Excuse("etc/shadow")
	if got := names(other.Failures()); got != "etc/passwd " {
		t.Errorf("excused by the fact: got %q", got)
	}
	child := failing(passwd)
	child.Link(other)
	child.Excuse("etc/passwd")
	child.Settle()
	if got := names(other.Excused()); got != "etc/passwd etc/shadow " {
		t.Errorf("excused below: got %q", got)
	}
}

func TestSnapshotChangesNoMore(t *testing.T) {
	tr := failing(passwd)
	shot := tr.Snapshot()
	tr.Record(shadow, errBroken, errAbsent)
	tr.Excuse("etc/passwd")
	if got := names(shot.Failures()); got != "etc/passwd " {
		t.Errorf("got %q", got)
	}
}

// What is read after the reads were asked for is among them the next time, once and in order.
func TestReadsOfParts(t *testing.T) {
	read := func(tr *trail.Trail, names ...string) {
		for _, name := range names {
			tr.Record(trail.Read{Op: "read", Name: name}, nil, errAbsent)
		}
	}
	large, small, rule := new(trail.Trail), new(trail.Trail), new(trail.Trail)
	read(large, "d", "b", "f", "h")
	read(small, "g", "b")
	read(rule, "a", "i")
	rule.AddPart(large)
	rule.AddPart(small)
	small.AddPart(large)
	for _, want := range []string{"a b d f g h i ", "a b c d f g h i "} {
		got := ""
		for _, r := range rule.Reads() {
			got += r.Name + " "
		}
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		read(large, "c")
	}
	if got := new(trail.Trail).Reads(); len(got) != 0 {
		t.Errorf("nothing was read: got %v", got)
	}
}
