package ini_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/internal/ini"
)

func TestGrowth(t *testing.T) {
	read := func(b []byte) error { _, err := ini.Parse(append([]byte("[a]\nb=c\n"), b...)); return err }
	growth.All(t, 80, read, " x\n", "b=c\n d\n")
	growth.Limit(t, "b=c\n", "line 100002: ", read)
}
