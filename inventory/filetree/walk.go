package filetree

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/hardening-sdk/hardening/internal/scope"
	"github.com/hardening-sdk/hardening/internal/sys"
)

// fsWalk walks any tree through its folders.
type fsWalk struct {
	ctx     context.Context
	fs      FS
	live    bool
	enter   func(string) error
	writers []*treeWriter
}

// fsJob is a folder to be read, whose attributes are known.
type fsJob struct {
	folder *treeFolder
	attr   sys.Attr
	depth  int
}

func walkFS(ctx context.Context, f FS, o WalkOptions) (*Table, error) {
	if r, ok := f.(*resolver); ok {
		f = r.raw // the walk asks for names without links only
	}
	w := &fsWalk{ctx: ctx, fs: f, live: o.Live, enter: o.Enter, writers: newTreeWriters(o.Limits)}
	info, err := f.Lstat(".")
	if err != nil {
		return nil, err
	}
	t := newTable()
	first := fsJob{folder: &t.root, attr: w.writers[0].attr(info)}
	if _, err := runCrew(len(w.writers), first, w.visit); err != nil {
		return nil, err
	}
	if err := t.finish(w.writers); err != nil {
		return nil, err
	}
	return t, nil
}

func newTreeWriters(l Limits) []*treeWriter {
	all := make([]*treeWriter, walkers())
	total := new(atomic.Int64)
	for i := range all {
		all[i] = &treeWriter{total: total, max: l, has: tableHas}
	}
	return all
}

// attr converts what a tree says of a file. The table keeps owners by their numbers;
// one known by its SID is not in it.
func (w *treeWriter) attr(info fs.FileInfo) sys.Attr {
	id := SysOf(info)
	w.has &= id.Has | HasXattr // which the walk finds out itself
	return sys.Attr{Mode: sys.UnixMode(info.Mode()), UID: id.UID, GID: id.GID,
		Links: id.Links, Size: uint64(max(info.Size(), 0))}
}

// visit reads one folder and returns those in it.
func (w *fsWalk) visit(worker int, j fsJob) ([]fsJob, error) {
	out := w.writers[worker]
	name := j.folder.path()
	out.begin(&j.attr)
	var kids []sys.Attr
	if j.depth > out.max.TreeDepth {
		out.noteLimit(name, "nested folders", out.max.TreeDepth)
	} else if w.live || j.depth != 1 || !Pseudo(name) {
		entries, err := w.list(out, name)
		if errors.Is(err, fs.ErrNotExist) && j.depth > 0 {
			return nil, nil
		}
		if err != nil {
			out.noteFailure("readdir", name, err)
		}
		if kids, err = w.writeEntries(out, name, entries); err != nil {
			return nil, err
		}
	}
	if err := out.end(j.folder); err != nil {
		return nil, err
	}
	jobs := make([]fsJob, len(kids))
	for i, a := range kids {
		jobs[i] = fsJob{&j.folder.kids[i], a, j.depth + 1}
	}
	return jobs, nil
}

// list returns the entries of a folder, sorted, as many as could be read.
func (w *fsWalk) list(out *treeWriter, name string) (all []fs.DirEntry, err error) {
	file, err := w.fs.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	dir, ok := file.(fs.ReadDirFile)
	if !ok {
		return nil, errors.New("a folder that cannot be listed")
	}
	for w.ctx.Err() == nil {
		var some []fs.DirEntry
		some, err = dir.ReadDir(1024)
		if all = append(all, some...); len(all) > out.max.DirEntries {
			out.noteLimit(name, "entries", out.max.DirEntries)
			return nil, nil
		}
		if err != nil || len(some) == 0 {
			break
		}
	}
	if err == io.EOF {
		err = nil
	}
	slices.SortStableFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all, err
}

// writeEntries writes the entries of a folder and returns the attributes of the folders
// among them. The error is of the context.
func (w *fsWalk) writeEntries(out *treeWriter, dir string, all []fs.DirEntry) (kids []sys.Attr, err error) {
	last := ""
	for _, e := range all {
		if w.ctx.Err() != nil {
			return nil, scope.Cause(w.ctx)
		}
		elem := e.Name()
		switch {
		case elem == "." || !ValidName(elem) || strings.Contains(elem, "/"):
			out.noteFailure("readdir", Join(dir, elem), fs.ErrInvalid)
			continue
		case elem == last:
			out.noteFailure("readdir", Join(dir, elem), errors.New("listed twice"))
			continue
		}
		last = elem
		if a, ok := w.writeEntry(out, Join(dir, elem), e); ok {
			kids = append(kids, a)
		}
	}
	return kids, scope.Cause(w.ctx)
}

// writeEntry writes one entry. It returns the attributes of a folder that will be read.
func (w *fsWalk) writeEntry(out *treeWriter, name string, e fs.DirEntry) (a sys.Attr, folder bool) {
	asked := w.enter != nil && e.IsDir()
	if asked && out.leaveOut(w.enter, name) {
		return a, false
	}
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return a, false
	}
	if err != nil {
		out.noteFailure("lstat", name, err)
		return a, false
	}
	a = out.attr(info)
	const refused = fs.ModeDir | fs.ModeIrregular
	switch {
	case info.Mode()&refused == refused:
		// A folder that Open refuses, of files on demand on Windows: not all was seen.
		out.noteFailure("readdir", name, irregularError(info.Mode()))
	case info.IsDir() && !asked && out.leaveOut(w.enter, name):
		return a, false
	case info.IsDir():
		out.addFolder([]byte(e.Name()))
		return a, true
	}
	out.addFile([]byte(e.Name()), &a, w.readCapabilities(out, name, &a))
	return a, false
}

// readCapabilities returns the attribute of a regular file that somebody may execute.
func (w *fsWalk) readCapabilities(out *treeWriter, name string, a *sys.Attr) []byte {
	x, ok := w.fs.(XattrFS)
	if !ok {
		out.has &^= HasXattr
	}
	if !ok || !mayHaveCapabilities(a) {
		return nil
	}
	v, err := x.Xattr(name, capabilityAttr)
	switch {
	case errors.Is(err, ErrUnavailable): // a tree that shows no attributes
		out.has &^= HasXattr
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		out.noteFailure("xattr", name, err)
	}
	return v
}

// capabilityAttr is the attribute of capabilities(7) that execve(2) heeds.
const capabilityAttr = "security.capability"

func mayHaveCapabilities(a *sys.Attr) bool {
	return a.Mode&sys.TypeMask == sys.Regular && a.Mode&0o111 != 0
}
