package wtf8_test

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/internal/wtf8"
)

func TestTextOfUnits(t *testing.T) {
	for text, units := range map[string][]uint16{
		"":                         {},
		"aä€😀":                     {'a', 0xE4, 0x20AC, 0xD83D, 0xDE00},
		"\xed\xa0\xbd":             {0xD83D},
		"\xed\xb8\x80x":            {0xDE00, 'x'},
		"\xed\xb8\x80\xed\xa0\xbd": {0xDE00, 0xD83D},
		"\xed\xa0\xbd😀":            {0xD83D, 0xD83D, 0xDE00},
		"\ufffd":                   {0xFFFD},
		"a\x00b":                   {'a', 0, 'b'},
	} {
		if got := wtf8.Text(units); got != text {
			t.Errorf("%x: got %q, want %q", units, got, text)
		}
		if got, ok := wtf8.Units(text); !ok || !slices.Equal(got, units) {
			t.Errorf("%q: got %x, %t, want %x", text, got, ok, units)
		}
	}
}

// Each list of units has one text, and each text that has units gives them back.
func FuzzText(f *testing.F) {
	f.Add([]byte("a\x00\x3d\xd8\x00\xde"), "a\xed\xa0\xbd")
	f.Add([]byte("\x00\xde\x3d\xd8"), "\xed\xa0\xbd\xed\xb8\x80")
	f.Fuzz(func(t *testing.T, b []byte, text string) {
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
		if back, ok := wtf8.Units(wtf8.Text(units)); !ok || !slices.Equal(back, units) {
			t.Errorf("%x: got %x, %t", units, back, ok)
		}
		if units, ok := wtf8.Units(text); ok && wtf8.Text(units) != text {
			t.Errorf("%q: got %q", text, wtf8.Text(units))
		}
	})
}

// reparse makes the data of a reparse point as ntifs.h has it, with a print name that
