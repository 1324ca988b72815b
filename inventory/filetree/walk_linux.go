package filetree

import (
	"bytes"
	"context"
	"slices"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
	"github.com/hardening-sdk/hardening/internal/scope"
	"github.com/hardening-sdk/hardening/internal/sys"
)

// linuxWalk walks the tree by descriptors of folders: no name is looked up twice, no
// link followed, and what is exchanged meanwhile leads nowhere else.
type linuxWalk struct {
	ctx     context.Context
	f       *linuxFS
	enter   func(string) error
	workers []*linuxWalker
}

// linuxWalker is one worker with its buffers.
type linuxWalker struct {
	*linuxWalk
	*treeWriter
	dents []byte
	names []byte   // of the folder at hand, each ended by a NUL
	list  []listed // the same sorted
	nodes []*mountinfo.Node
	jobs  []linuxJob
	value [256]byte // of an attribute
	atime bool      // access times cannot be kept
}

// listed is one name of a folder.
type listed struct {
	at, end uint32 // in names, with its NUL
	kind    byte
}

// linuxJob is a folder to be read.
type linuxJob struct {
	folder *treeFolder
	up     *openFolder
	node   *mountinfo.Node
	depth  int
}

// openFolder is a descriptor that the jobs of the folders in it share.
type openFolder struct {
	fd     int
	dev    uint64
	partly bool // only the ways to mounts below it are read
	jobs   atomic.Int32
}

func (o *openFolder) done() {
	if o.jobs.Add(-1) == 0 && o.fd >= 0 {
		unix.Close(o.fd)
	}
}

// walkTree is [Walk].
func (f *linuxFS) walkTree(ctx context.Context, enter func(string) error) (*Table, error) {
	root, err := f.root.Use()
	if err != nil {
		return nil, err
	}
	defer f.root.Done()
	f.loadMounts()
	top, err := sys.Open(root, ".", unix.O_PATH|unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	up := &openFolder{fd: top}
	up.jobs.Store(1)
	w := &linuxWalk{ctx: ctx, f: f, enter: enter}
	writers := newTreeWriters(f.limits)
	for _, out := range writers {
		w.workers = append(w.workers, &linuxWalker{linuxWalk: w, treeWriter: out, dents: make([]byte, dentsBuffer)})
	}
	t := newTable()
	first := linuxJob{folder: &t.root, up: up, node: f.guard.tree.Load()}
	left, err := runCrew(len(writers), first, func(i int, j linuxJob) ([]linuxJob, error) {
		defer j.up.done()
		return w.workers[i].visit(j)
	})
	for _, j := range left {
		j.up.done()
	}
	if err != nil {
		return nil, err
	}
	if err := t.finish(writers); err != nil {
		return nil, err
	}
	return t, nil
}

// dentsBuffer holds about a thousand entries, as much as the kernel likes to give at
// a time.
const dentsBuffer = 32 << 10

// visit reads one folder and returns those in it, which hold on to it.
func (w *linuxWalker) visit(j linuxJob) ([]linuxJob, error) {
	if w.ctx.Err() != nil {
		return nil, scope.Cause(w.ctx)
	}
	how := w.plan(j)
	var a sys.Attr
	fd, ok := w.open(j, how, &a)
	if !ok {
		return nil, nil
	}
	o := &openFolder{fd: fd, dev: a.Dev, partly: how == onlyMounts}
	o.jobs.Store(1)
	defer o.done()
	w.begin(&a)
	w.names, w.list, w.nodes = w.names[:0], w.list[:0], w.nodes[:0]
	switch {
	case fd < 0:
	case how == onlyMounts:
		w.listMountPoints(j)
	case !w.read(j, fd):
		return nil, nil
	}
	if err := w.writeEntries(j, fd); err != nil {
		return nil, err
	}
	if err := w.end(j.folder); err != nil {
		return nil, err
	}
	w.jobs = w.jobs[:0]
	for i, node := range w.nodes {
		w.jobs = append(w.jobs, linuxJob{&j.folder.kids[i], o, node, j.depth + 1})
	}
	o.jobs.Add(int32(len(w.jobs)))
	return w.jobs, nil
}

// open opens a folder as planned and reads its attributes. The descriptor is -1 where
// there are attributes only; it is false where there are none.
func (w *linuxWalker) open(j linuxJob, how plan, a *sys.Attr) (fd int, ok bool) {
	name := "."
	if j.folder.up != nil {
		b, _ := takeBytes(j.folder.up.data[j.folder.at:])
		name = string(b)
	}
	if how != onlyLook {
		fd, err := w.openFolder(j, how, name, a)
		switch err {
		case nil:
			return fd, true
		case unix.ENOENT:
			return -1, false
		case unix.ENOTDIR, unix.ELOOP:
			w.noteFailure("open", j.folder.path(), ErrChanged)
			return -1, false
		}
		w.noteFailure("open", j.folder.path(), err)
	}
	err := sys.StatAt(j.up.fd, append([]byte(name), 0), a)
	if err != nil && err != unix.ENOENT && how == onlyLook {
		w.noteFailure("lstat", j.folder.path(), err)
	}
	return -1, err == nil
}

// openFolder returns -1 for a folder that is not to be read after all.
func (w *linuxWalker) openFolder(j linuxJob, how plan, name string, a *sys.Attr) (fd int, err error) {
	if how == onlyMounts {
		fd, err = sys.Open(j.up.fd, name, unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW)
	} else {
		fd, err = w.openNoatime(j.up.fd, name)
	}
	if err != nil {
		return -1, err
	}
	if err = sys.StatFD(fd, a); err != nil || !w.stays(j, fd, a) {
		unix.Close(fd)
		fd = -1
	}
	return fd, err
}

func (w *linuxWalker) openNoatime(dir int, name string) (int, error) {
	const flags = unix.O_RDONLY | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_NONBLOCK
	if !w.atime {
		fd, err := sys.Open(dir, name, flags|unix.O_NOATIME)
		if err != unix.EPERM {
			return fd, err
		}
		w.atime = true
	}
	return sys.Open(dir, name, flags)
}

// read reads the names of a folder. It is false for one that is gone.
func (w *linuxWalker) read(j linuxJob, fd int) bool {
	for {
		n, err := sys.Getdents(fd, w.dents)
		if err == unix.ENOENT && j.folder.up != nil {
			return false
		}
		if err != nil {
			w.noteFailure("readdir", j.folder.path(), err)
		}
		if n <= 0 {
			return true
		}
		for name, kind, rest := sys.NextDirent(w.dents[:n]); name != nil; name, kind, rest = sys.NextDirent(rest) {
			w.add(name, kind)
		}
		if len(w.list) > w.max.DirEntries {
			w.noteLimit(j.folder.path(), "entries", w.max.DirEntries)
			w.list = w.list[:0]
			return true
		}
	}
}

func (w *linuxWalker) add(name []byte, kind byte) {
	at := uint32(len(w.names))
	w.names = append(w.names, name...)
	w.list = append(w.list, listed{at, uint32(len(w.names)), kind})
}

// writeEntries writes what the folder lists, and notes the node of each folder among it.
func (w *linuxWalker) writeEntries(j linuxJob, fd int) error {
	slices.SortFunc(w.list, func(a, b listed) int {
		return bytes.Compare(w.names[a.at:a.end], w.names[b.at:b.end])
	})
	var last []byte
	for i, e := range w.list {
		if i%1024 == 1023 && w.ctx.Err() != nil {
			return scope.Cause(w.ctx)
		}
		name := w.names[e.at:e.end]
		if bytes.Equal(name, last) {
			continue // a folder that changed while it was read
		}
		last = name
		w.writeEntry(j, fd, name, e.kind)
	}
	return scope.Cause(w.ctx) // what was left out because of it is no finding
}

// writeEntry writes one entry. A mount that must not be touched is noted instead.
func (w *linuxWalker) writeEntry(j linuxJob, fd int, name []byte, kind byte) {
	elem := name[:len(name)-1]
	node := j.node.ChildBytes(elem)
	if mounted(node) && !w.mayTouch(j, elem, node) {
		return
	}
	if kind == unix.DT_DIR || kind == unix.DT_UNKNOWN { // which may be a folder: asked before it is looked at
		if w.enter != nil && w.leaveOut(w.enter, Join(j.folder.path(), string(elem))) {
			return
		}
	}
	if kind == unix.DT_DIR {
		w.addBelow(elem, node)
		return
	}
	var a sys.Attr
	switch err := sys.StatAt(fd, name, &a); {
	case err == unix.ENOENT:
	case err != nil:
		w.noteFailure("lstat", Join(j.folder.path(), string(elem)), err)
	case a.Mode&sys.TypeMask == sys.Dir:
		w.addBelow(elem, node)
	default:
		w.addFile(elem, &a, w.readCapabilities(j, fd, name, &a))
	}
}

// addBelow adds a folder that will be read.
func (w *linuxWalker) addBelow(elem []byte, node *mountinfo.Node) {
	w.addFolder(elem)
	w.nodes = append(w.nodes, node)
}

var capabilityAttrZ = []byte(capabilityAttr + "\x00")

// readCapabilities returns the attribute of a file that somebody may execute. It stays
// valid until the next call.
func (w *linuxWalker) readCapabilities(j linuxJob, fd int, name []byte, a *sys.Attr) []byte {
	if !mayHaveCapabilities(a) {
		return nil
	}
	n, err := sys.XattrAt(fd, name, capabilityAttrZ, w.value[:])
	switch err {
	case nil:
		return w.value[:n]
	case unix.ENODATA, unix.ENOTSUP, unix.ENOENT:
	default:
		w.noteFailure("xattr", Join(j.folder.path(), string(name[:len(name)-1])), err)
	}
	return nil
}
