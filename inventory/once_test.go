package inventory_test

import (
	"errors"
	"io/fs"
	"sync/atomic"
	"testing"

	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

func TestReadOnce(t *testing.T) {
	var reads atomic.Int32
	cfg := inventorytest.Config(t, "-- etc/a --\ntext\n-- etc/denied error=EACCES --\n")
	s := inventorytest.Open(t, inventorytest.Record(cfg, func(inventory.Read) { reads.Add(1) }))
	for range 3 {
		if b, err := s.Handle(new(trail.Trail).Writer()).ReadOnce(t.Context(), "etc/a"); string(b) != "text\n" || err != nil {
			t.Errorf("got %q, %v", b, err)
		}
	}
	if n := reads.Load(); n != 1 {
		t.Errorf("read %d times", n)
	}
	for range 2 {
		tr := new(trail.Trail)
		h := s.Handle(tr.Writer())
		if _, err := h.ReadOnce(t.Context(), "etc/none"); !inventory.IsAbsent(err, "etc/none") {
			t.Errorf("got %v, want absence", err)
		}
		if f := tr.Failures(); len(f) > 0 {
			t.Errorf("absence is a failure: %v", f)
		}
	}
	// Whoever asks has failed, the second one too.
	for range 2 {
		tr := new(trail.Trail)
		h := s.Handle(tr.Writer())
		if _, err := h.ReadOnce(t.Context(), "etc/denied"); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("got %v", err)
		}
		if f := tr.Failures(); len(f) == 0 {
			t.Error("the failed read is in no trail")
		}
	}
	if _, err := inventory.ParseOnce(t.Context(), s, "etc/a", func([]byte) (int, error) { return 1, errors.New("line 1: x") }); err == nil || err.Error() != "etc/a: line 1: x" {
		t.Errorf("got %v", err)
	}
}
