package sys

import (
	"io/fs"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// FD is a file descriptor that may be closed while others use it: the number is
// given back to the kernel when the last of them is done, so that it can never mean
// another file. Close does not wait, which matters when a system call hangs.
type FD struct {
	fd int
	// users counts uses, plus one for being open; closing sets the top bit.
	users atomic.Int64
}

const fdClosed = 1 << 62

// NewFD takes over a descriptor.
func NewFD(fd int) *FD {
	f := &FD{fd: fd}
	f.users.Store(1)
	return f
}

// Use returns the descriptor, to be followed by Done. After Close it is
// [fs.ErrClosed].
func (f *FD) Use() (int, error) {
	for {
		n := f.users.Load()
		if n&fdClosed != 0 {
			return -1, fs.ErrClosed
		}
		if f.users.CompareAndSwap(n, n+1) {
			return f.fd, nil
		}
	}
}

// Done ends one use.
func (f *FD) Done() {
	if f.users.Add(-1) == fdClosed {
		unix.Close(f.fd)
	}
}

// Close gives up the descriptor. A second call is [fs.ErrClosed].
func (f *FD) Close() error {
	for {
		n := f.users.Load()
		if n&fdClosed != 0 {
			return fs.ErrClosed
		}
		if f.users.CompareAndSwap(n, n|fdClosed) {
			f.Done()
			return nil
		}
	}
}
