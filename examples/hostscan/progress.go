package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/hardening-sdk/hardening/check"
)

// line is the progress line on a terminal; on anything else it is silent.
type line struct{ w io.Writer }

func progress(w io.Writer) line {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return line{w}
	}
	return line{io.Discard}
}

// event shows how far the scan has come. Rule IDs are of a form that steers no terminal.
func (l line) event(e check.Event) {
	fmt.Fprintf(l.w, "\r\x1b[K%d of %d %s", e.Done, e.Total, e.Rule)
}

func (l line) clear() { fmt.Fprint(l.w, "\r\x1b[K") }
