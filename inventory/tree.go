package inventory

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Tree is every file, folder and link of the system, for questions about the whole
// of it: setuid programs, files that anybody may write, files of nobody. It is read
// in one walk, whoever asks, which has ten times [Limits].FactTime; [filetree.Walk] says
// where the walk goes.
//
// What could not be seen is in Table.Errors, and counts as a failed read of all who ask.
// [Config].Intercept is asked about each folder. One that it refuses, or that
// [Config].Exclude leaves out, is in Table.LeftOut and counts as a failed read of its own,
// "walk home/amy", so that a rule that does not judge what is below it can say so with
// [System.Excuse]. More than the limits of a walk is [ErrLimit] instead of a table.
var Tree = newWalk("tree", collectTree)

// newWalk declares a fact that takes long and has workers of its own.
func newWalk[T any](name string, collect func(context.Context, *System) (T, error)) *Fact[T] {
	return &Fact[T]{name: name, collect: collect, times: 10, free: true}
}

// maxLeftOut is how many folders that were left out are failures of their own. Further ones
// count together as one of the whole walk.
const maxLeftOut = 1000

func collectTree(ctx context.Context, s *System) (*filetree.Table, error) {
	read := Read{filetree.OpWalk, "."}
	err := s.before(ctx, read.Op, read.Name)
	var t *filetree.Table
	if err == nil {
		began := time.Now()
		o := filetree.WalkOptions{Live: s.Live(), Limits: s.c.limits.tree(), Enter: s.enter(ctx)}
		t, err = filetree.Walk(ctx, s.c.fs, o)
		s.c.log.Debug("walk", "entries", t.Len(), "took", time.Since(began), "error", err)
	}
	if err != nil {
		err = filetree.PathError(read.Op, read.Name, err)
		s.record(read, err)
		return nil, err
	}
	left := t.LeftOut()
	for _, err := range left[:min(len(left), maxLeftOut)] {
		s.record(Read{filetree.OpWalk, err.(*fs.PathError).Path}, err)
	}
	s.record(read, unseen(t, left[min(len(left), maxLeftOut):]))
	return t, nil
}

// enter returns what the walk asks about each folder, nil where nobody wants to be asked.
func (s *System) enter(ctx context.Context) func(string) error {
	if !s.c.guarded() {
		return nil
	}
	return func(name string) error { return s.before(ctx, filetree.OpWalk, name) }
}

// unseen returns what the walk counts as for those who need to see everything, with the
// folders left out that are not counted one by one.
func unseen(t *filetree.Table, more []error) error {
	errs := append(t.Errors(), more...)
	if len(errs) == 0 {
		return nil
	}
	err := fmt.Errorf("%d could not be seen, the first is %w", len(errs), errs[0])
	return &fs.PathError{Op: filetree.OpWalk, Path: ".", Err: err}
}

// opFact stands in a trail for a fact that could not be collected.
const opFact = trail.OpFact
