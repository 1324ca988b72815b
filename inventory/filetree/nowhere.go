package filetree

import "io/fs"

// nowhere is the tree of a system of which no file can be seen.
type nowhere struct{}

func (nowhere) Rooted() {}

func (nowhere) Open(name string) (fs.File, error) {
	return nil, PathError("open", name, ErrUnavailable)
}

func (nowhere) Lstat(name string) (fs.FileInfo, error) {
	return nil, PathError("lstat", name, ErrUnavailable)
}

func (nowhere) Stat(name string) (fs.FileInfo, error) {
	return nil, PathError("stat", name, ErrUnavailable)
}

func (nowhere) ReadLink(name string) (string, error) {
	return "", PathError("readlink", name, ErrUnavailable)
}
