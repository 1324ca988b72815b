package inventory

import (
	"context"
	"log/slog"
	"time"
)

// Config says what a [System] is made of. A nil or zero field means that part is
// not available or has its default. [Host] and [Dir] answer one that a caller may
// change, wrap or fake in any part before it is handed to [New].
type Config struct {
	// FS is the file tree. Nil is a system of which no file can be seen.
	FS FS
	// Registry is the Windows registry, live or from hives.
	Registry Registry
	// Prober answers what neither files nor registry show on a live host.
	Prober Prober
	// Live says that the system is running and that FS shows its /proc and /sys.
	// On any other system names below proc and sys answer [ErrNotLive].
	Live bool
	// Platform, where it is known beforehand. Its empty fields are read from the
	// system; see [System.Platform].
	Platform Platform
	// Limits bounds the scan.
	Limits Limits
	// Now is the time of the scan, which everything dated is judged by. Zero
	// means the time of the call of [New].
	Now time.Time
	// Logger receives what a person who debugs a scan wants to know: names,
	// durations and errors, never content. Nil logs nothing.
	Logger *slog.Logger
	// Intercept is called before every read of any kind, and its error is the
	// answer instead. It serves faults in tests, throttling, and a vendor's deny
	// list. It may be called at the same time from many goroutines.
	Intercept func(context.Context, Read) error
}

// Prober answers named questions to a running system that neither its files nor
// its registry show, such as "windows/local-users". The answer is a JSON document
// whose shape the package of the fact states. Answers can be recorded and
// replayed: a fake is fixture text.
//
// A name that the prober does not know is an error that wraps [ErrUnavailable].
// A prober reads; it runs no program and opens no connection.
type Prober interface {
	Probe(ctx context.Context, name string) ([]byte, error)
}
