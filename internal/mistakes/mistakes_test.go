package mistakes_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

func TestList(t *testing.T) {
	var l mistakes.List
	l.Add(nil)
	if err := l.Err(); err != nil || l.Full() {
		t.Errorf("got %v", err)
	}
	l.Add(fs.ErrInvalid)
	for i := range 1000 {
		l.Addf("line %d", i)
	}
	err := l.Err()
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != mistakes.Max+1 || lines[len(lines)-1] != "and 981 more" || !errors.Is(err, fs.ErrInvalid) || !l.Full() {
		t.Errorf("got %d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}
