package sys_test

import (
	"io/fs"
	"testing"

	"github.com/hardening-sdk/hardening/internal/sys"
)

func TestFileMode(t *testing.T) {
	tests := []struct {
		name string
		st   uint32
		want fs.FileMode
	}{
		{"file", 0o100644, 0o644},
		{"setuid file", 0o104755, fs.ModeSetuid | 0o755},
		{"setgid folder", 0o042775, fs.ModeDir | fs.ModeSetgid | 0o775},
		{"sticky folder", 0o041777, fs.ModeDir | fs.ModeSticky | 0o777},
		{"link", 0o120777, fs.ModeSymlink | 0o777},
		{"socket", 0o140600, fs.ModeSocket | 0o600},
		{"FIFO", 0o010600, fs.ModeNamedPipe | 0o600},
		{"block device", 0o060660, fs.ModeDevice | 0o660},
		{"character device", 0o020666, fs.ModeDevice | fs.ModeCharDevice | 0o666},
		{"no type", 0o000644, fs.ModeIrregular | 0o644},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := sys.FileMode(tt.st); got != tt.want {
				t.Errorf("FileMode: got %v, want %v", got, tt.want)
			}
			if got := sys.UnixMode(tt.want); got != tt.st {
				t.Errorf("UnixMode: got %o, want %o", got, tt.st)
			}
		})
	}
	for st := uint32(0); st < 1<<16; st++ {
		m := sys.FileMode(st)
		if m&fs.ModeIrregular == 0 && sys.UnixMode(m) != st {
			t.Fatalf("%o became %v and %o", st, m, sys.UnixMode(m))
		}
	}
}
