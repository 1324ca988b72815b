package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// save writes a file whole or not at all: it is written beside its place and then renamed, and can
// be read by its owner only. A device or a pipe is written to as it is, for a rename would replace
// it, and without waiting for a reader. A link in a folder that others may write to is refused: who
// put it there would decide what this account writes to.
func save(name string, write func(io.Writer) error) error {
	info, err := os.Lstat(name)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if name, err = followed(name); err != nil {
			return err
		}
		info, err = os.Lstat(name)
	}
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder", name)
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(name, os.O_WRONLY|nonBlocking, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	err = errors.Join(write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// followed returns where a link leads, if it stands in a folder of this account or of root that
// nobody else may write to. One that leads nowhere is an error.
func followed(name string) (string, error) {
	if !isOwn(filepath.Dir(name)) {
		return "", fmt.Errorf("%s is a link in a folder that others may write to", name)
	}
	return filepath.EvalSymlinks(name)
}
