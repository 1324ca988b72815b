package colon_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/colon"
	"github.com/hardening-sdk/hardening/internal/growth"
)

func TestGrowth(t *testing.T) {
	growth.All(t, 20, func(b []byte) error { return colon.Each(string(b), 7, func(int, []string) {}) }, ":", "#:\n")
}
