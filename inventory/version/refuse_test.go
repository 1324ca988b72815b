package version_test

import (
	"errors"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// A refusal is what is no version, and where that shows.
type refusal struct {
	v      string
	offset int
}

func refuses(t *testing.T, name string, tests []refusal) {
	t.Helper()
	s := scheme(t, name)
	for _, tt := range tests {
		var e *version.InvalidError
		if err := s.Validate(tt.v); !errors.As(err, &e) || !errors.Is(err, version.ErrInvalid) || e.Offset != tt.offset {
			t.Errorf("%s: %q: %v, want offset %d", name, tt.v, err, tt.offset)
		}
	}
}

func TestRefuses(t *testing.T) {
	for name, tests := range map[string][]refusal{
		"alpm":    {{"", 0}, {"1\x00", 1}},
		"apk":     {{"", 0}, {"a", 0}, {"1.", 2}, {"1.0_x", 3}, {"1.0-1", 3}, {"1.0-r", 5}, {"1.0~", 3}, {"1.0 ", 3}, {"1.0_rc1-r1.2", 10}},
		"deb":     {{"", 0}, {" ", 0}, {"1 0", 1}, {"1.0-", 4}, {"1:", 2}, {":1", 0}, {"a:1", 0}, {" x:1", 1}, {"1\x00", 1}, {"2147483648:1", 0}, {"1:-1", 2}},
		"generic": {{"", 0}, {"abc", 3}, {" 1", 0}, {"1 ", 1}, {"1\n", 1}, {"1é", 1}},
		"kernel":  {{"", 0}, {"6", 1}, {"v6.1", 0}, {"6.1é", 3}, {"6.1.0-18 x", 8}},
		"macos":   {{"", 0}, {"13.4.1(a)", 6}, {"13.4.1 (aa)", 7}, {"1.2.3.4", 7}},
		"openssh": {{"", 0}, {"9", 1}, {"9.6p", 4}, {"9.6x1", 3}},
		"openssl": {{"", 0}, {"1.0", 3}, {"1.0.2ab", 5}, {"1.0.2A", 5}, {"3.0.0-rc1", 5}, {"3.0.0-beta", 10}},
		"opkg":    {{"", 0}, {" ", 0}, {"1\x00", 1}, {"2147483648:1", 0}},
		"rpm":     {{"", 0}},
		"windows": {{"", 0}, {"10", 0}, {"10.0.1.2.3", 10}, {"10.", 2}, {"22H2", 2}},
	} {
		refuses(t, name, tests)
	}
}
