package pseudonym_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/pseudonym"
	"github.com/hardening-sdk/hardening/inventory"
)

var key = bytes.Repeat([]byte("k"), 16)

// outcomes are what one rule found on a host whose user is alice.
func outcomes() []check.Outcome {
	at := inventory.Position{Source: "home/alice/.netrc"}
	r := check.Result{
		Status: check.Fail,
		Message: "alice, alice2 and host web-1.example.org at 192.0.2.7, fe80::1:2 or 02:42:ac:11:00:02; " +
			"127.0.0.1, 1.2.3 and 300.1.1.1 stay",
		Evidence: []check.Evidence{{Position: at, Subject: "alice", Want: "user", Got: "web-1.example.org"}},
		Children: []check.Result{{Message: "alice", Err: errors.New("alice")}},
	}
	args := map[string]any{"allow": []any{"alice"}, "homes": map[string]any{"alice": "x"}, "max": int64(7)}
	return []check.Outcome{{
		Rule:   check.Rule{ID: "linux.a.b", Expr: check.Expr{Op: "not", Parts: []check.Expr{{Kind: "a.b", Args: args}}}},
		Result: r, Reads: []inventory.Read{{Op: "read", Name: "home/alice/.netrc"}}, Excused: []inventory.Read{{Op: "read", Name: "home/alice"}},
	}}
}

func TestApply(t *testing.T) {
	names := []pseudonym.Name{{Kind: "user", Value: "alice"}, {Kind: "user", Value: "user"}, {Kind: "host", Value: "web-1"},
		{Kind: "host", Value: "web-1.example.org"}}
	p, err := pseudonym.New(key)
	if err != nil {
		t.Fatal(err)
	}
	out := outcomes()
	if err := p.Apply(out, names); err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%+v", out)
	for _, gone := range []string{"alice,", "alice/", "alice]", "alice:", "web-1", "192.0.2.7", "fe80", "02:42"} {
		if strings.Contains(all, gone) {
			t.Errorf("%q is still in %s", gone, all)
		}
	}
	for _, stays := range []string{"alice2", "127.0.0.1", "1.2.3 ", "300.1.1.1", "home/user~", "max=7"} {
		if !strings.Contains(all, stays) {
			t.Errorf("%q is not in %s", stays, all)
		}
	}
	if name := p.Of(pseudonym.Name{Kind: "host", Value: "web-1.example.org"}); !strings.HasPrefix(name, "host~") || !strings.Contains(all, name) {
		t.Errorf("got %s for the host, and another one in %s", name, all)
	}
	again := outcomes()
	if err := p.Apply(again, names); err != nil || !reflect.DeepEqual(again, out) {
		t.Errorf("the same key gives other pseudonyms, %v", err)
	}
}

func TestRefusesWhatWouldHideNothing(t *testing.T) {
	for _, short := range [][]byte{nil, make([]byte, 15)} {
		if _, err := pseudonym.New(short); err == nil {
			t.Errorf("a key of %d bytes is taken", len(short))
		}
	}
	p, err := pseudonym.New(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Apply(outcomes(), nil); err == nil {
		t.Error("no names: no error")
	}
}

func ExampleMaker_Apply() {
	p, err := pseudonym.New([]byte("sixteen or more bytes"))
	if err != nil {
		panic(err)
	}
	out := []check.Outcome{{Result: check.Result{Message: "the home of alice is open"}}}
	err = p.Apply(out, []pseudonym.Name{{Kind: "user", Value: "alice"}}) // account.Names tells those of a system
	fmt.Println(strings.Contains(out[0].Result.Message, "alice"), strings.Contains(out[0].Result.Message, "user~"), err)
	// Output: false true <nil>
}
