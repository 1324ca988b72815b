package localhost_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/localhost"
)

func TestIs(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST.": true, "a.localhost": true, "ip6-loopback": true, "127.0.0.1": true, "127.1": true, "127.0.1.1": true,
		"2130706433": true, "0x7f.1": true, "0177.0.0.1": true, "0": true, "0.0.0.0": true, "::": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "localhost.example.org": false, "mylocalhost": false, "10.0.0.1": false, "128.1": false, "fe80::1": false, "127.0.0.1.": true,
		"127.0.0.0.1": false, "300.1.1.1": false, "host": false,
	} {
		if got := localhost.Is(host); got != want {
			t.Errorf("%q: got %v, want %v", host, got, want)
		}
	}
	for host, want := range map[string]bool{"log.example.org": true, "10.0.0.1": true, "::1": true, "a b": false, "a\fb": false, "": false} {
		if got := localhost.Valid(host); got != want {
			t.Errorf("valid %q: got %v, want %v", host, got, want)
		}
	}
}
