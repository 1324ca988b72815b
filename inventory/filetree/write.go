package filetree

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"

	"github.com/hardening-sdk/hardening/internal/sys"
)

// treeWriter is what one worker of a walk writes. Folders are encoded into large
// chunks that never move: there is little for the garbage collector, and no moment
// at which the table is there twice.
type treeWriter struct {
	total *atomic.Int64 // entries of all workers
	max   Limits

	block []byte   // the folder at hand
	ats   []uint32 // where in it the names of folders stand
	chunk []byte   // of finished blocks, its unused end
	pool  []treeFolder

	count  int // entries
	told   int // of them, those in total
	has    Has
	errs   []error
	left   []error // folders that are left out
	limits []error // the walk is of no use
	mounts []UnseenMount
}

const (
	chunkBytes   = 256 << 10
	chunkFolders = 1024
)

// begin starts a folder with its own attributes.
func (w *treeWriter) begin(a *sys.Attr) {
	w.block, w.ats = w.block[:0], w.ats[:0]
	w.block = binary.LittleEndian.AppendUint16(w.block, uint16(a.Mode))
	w.putAttributes(a)
}

func (w *treeWriter) putAttributes(a *sys.Attr) {
	for _, n := range [...]uint64{uint64(a.UID), uint64(a.GID), a.Links, a.Size} {
		w.block = binary.AppendUvarint(w.block, n)
	}
}

// addFile adds an entry that is no folder. Entries are added in the order of their names.
func (w *treeWriter) addFile(name []byte, a *sys.Attr, caps []byte) {
	mode := uint16(a.Mode)
	if len(caps) > 0 {
		mode = mode&^sys.TypeMask | withCaps
	}
	w.block = binary.LittleEndian.AppendUint16(w.block, mode)
	w.putBytes(name)
	w.putAttributes(a)
	if len(caps) > 0 {
		w.putBytes(caps)
	}
	w.count++
}

// addFolder adds an entry that is a folder, whose attributes will be its own.
func (w *treeWriter) addFolder(name []byte) {
	w.block = binary.LittleEndian.AppendUint16(w.block, sys.Dir)
	w.ats = append(w.ats, uint32(len(w.block)))
	w.putBytes(name)
}

func (w *treeWriter) putBytes(b []byte) {
	w.block = binary.AppendUvarint(w.block, uint64(len(b)))
	w.block = append(w.block, b...)
}

// end stores the folder and makes those in it, which are gone until they are written.
// It fails when the table has become too large.
func (w *treeWriter) end(d *treeFolder) error {
	w.count++
	d.data = w.store(w.block)
	d.kids = w.newFolders(len(w.ats))
	for i := range d.kids {
		d.kids[i].up, d.kids[i].at = d, w.ats[i]
	}
	more := w.count - w.told
	w.told = w.count
	if w.total.Add(int64(more)) > int64(w.max.TreeEntries) {
		return fmt.Errorf("%w: more than %d entries", ErrLimit, w.max.TreeEntries)
	}
	return nil
}

func (w *treeWriter) store(b []byte) []byte {
	if len(b) > chunkBytes/8 {
		return append(make([]byte, 0, len(b)), b...)
	}
	if len(b) > len(w.chunk) {
		w.chunk = make([]byte, chunkBytes)
	}
	n := copy(w.chunk, b)
	stored := w.chunk[:n:n]
	w.chunk = w.chunk[n:]
	return stored
}

func (w *treeWriter) newFolders(n int) []treeFolder {
	if n > chunkFolders/8 {
		return make([]treeFolder, n)
	}
	if n > len(w.pool) {
		w.pool = make([]treeFolder, chunkFolders)
	}
	some := w.pool[:n:n]
	w.pool = w.pool[n:]
	return some
}

// noteFailure notes what could not be seen.
func (w *treeWriter) noteFailure(op, name string, err error) {
	w.errs = append(w.errs, PathError(op, name, err))
}

// leaveOut reports whether a folder is left out, and notes it.
func (w *treeWriter) leaveOut(enter func(string) error, name string) bool {
	if enter == nil {
		return false
	}
	err := enter(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrChanged // its name was listed
	}
	if err != nil {
		w.left = append(w.left, PathError(OpWalk, name, err))
	}
	return err != nil
}

// noteLimit notes a folder beyond a limit. The walk goes on, so that the error does
// not depend on who was first.
func (w *treeWriter) noteLimit(name, what string, limit int) {
	w.limits = append(w.limits, fmt.Errorf("%s: %w: more than %d %s", name, ErrLimit, limit, what))
}
