package sys_test

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/hardening-sdk/hardening/internal/sys"
)

// listing makes entries as FILE_FULL_DIR_INFO of winbase.h has them.
func listing(names ...string) []byte {
	var b []byte
	le := binary.LittleEndian
	for i, name := range names {
		units := windows.StringToUTF16(name)[:len(name)]
		e := make([]byte, 68, 200)
		le.PutUint64(e[40:], uint64(len(name)))
		le.PutUint32(e[56:], windows.FILE_ATTRIBUTE_REPARSE_POINT)
		le.PutUint32(e[60:], uint32(2*len(units)))
		le.PutUint32(e[64:], windows.IO_REPARSE_TAG_SYMLINK)
		for _, u := range units {
			e = le.AppendUint16(e, u)
		}
		for len(e)%8 != 0 {
			e = append(e, 0)
		}
		if i < len(names)-1 {
			le.PutUint32(e, uint32(len(e)))
		}
		b = append(b, e...)
	}
	return b
}

func TestNextEntry(t *testing.T) {
	rest := listing("a", "longer name", "z")
	for _, want := range []string{"a", "longer name", "z"} {
		e, more, ok := sys.NextEntry(rest)
		if got := windows.UTF16ToString(e.Name); got != want || !ok || e.Size != int64(len(want)) || e.Tag != windows.IO_REPARSE_TAG_SYMLINK {
			t.Fatalf("got %q, %+v, %t, want %q", got, e, ok, want)
		}
		rest = more
	}
	if len(rest) != 0 {
		t.Errorf("%d bytes are left", len(rest))
	}
}

func FuzzNextEntry(f *testing.F) {
	f.Add(listing("a", "b"))
	f.Add(listing("a")[:67])
	f.Fuzz(func(t *testing.T, b []byte) {
		for n := 0; len(b) > 0; n++ {
			_, rest, ok := sys.NextEntry(b)
			if !ok {
				return
			}
			if len(rest) >= len(b) {
				t.Fatal("no way on")
			}
			b = rest
		}
	})
}
