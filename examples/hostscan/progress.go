package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/hardening-sdk/hardening/check"
)

// line is a progress line on a terminal.
type line struct{ w io.Writer }

// progress returns the progress line for w. If w is not a terminal, the line writes nothing.
func progress(w io.Writer) line {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return line{w}
	}
	return line{io.Discard}
}

// show shows the progress of the scan. Rule IDs contain no characters that could control a
// terminal.
func (l line) show(e check.Event) {
	fmt.Fprintf(l.w, "\r\x1b[K%d of %d %s", e.Done, e.Total, e.Rule)
}

func (l line) clear() { fmt.Fprint(l.w, "\r\x1b[K") }
