package shellvar_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/internal/shellvar"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { shellvar.Parse(b); return nil }
	growth.All(t, 40, read, "a='b'\n", "a=\"", "a=\\\n")
	growth.Linear(t, "\n", 20, func(b []byte) error { return read(append([]byte("a=\""), b...)) })
}
