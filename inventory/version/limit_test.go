package version_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/inventory/version"
)

// A counter is a scheme that counts the bytes that it compares.
type counter struct {
	version.Scheme
	bytes *int
}

func (c counter) Compare(a, b string) (int, error) {
	*c.bytes += len(a) + len(b)
	return c.Scheme.Compare(a, b)
}

// Ranges that nobody writes take a time in proportion to their text, or are refused.
func TestManyComparisonsWithALongVersion(t *testing.T) {
	read := 0
	s := counter{scheme(t, "deb"), &read}
	for _, format := range []string{"<%s%s", ">%s%s", "=%s%s"} {
		for _, more := range []string{"||<1", ",>1", ",!=1"} {
			for _, size := range [][2]int{{1 << 17, 1 << 8}, {1 << 10, 1 << 15}, {1 << 17, 1 << 15}} {
				read = 0
				text := fmt.Sprintf(format, strings.Repeat("9", size[0]), strings.Repeat(more, size[1]))
				r, err := version.ParseRange(s, text)
				if limit := 4 * len(text); read > limit {
					t.Errorf("%.10s... of %d bytes: parsing compares %d", text, len(text), read)
				}
				if refused := int64(size[0])*int64(size[1]) > 1<<26; (err != nil) != refused || refused && !errors.Is(err, version.ErrInvalid) {
					t.Fatalf("%.10s... of %d comparisons, %d bytes: %v", text, size[1], size[0], err)
				}
				_, _ = r.String(), r.Lint()
				if limit := 1 << 30; read > limit {
					t.Errorf("%.10s... of %d comparisons, %d bytes: compares %d", text, size[1], size[0], read)
				}
			}
		}
	}
}

func TestLongVersionInManyComparisons(t *testing.T) {
	for _, s := range []string{"deb", "vers:deb/"} {
		text := strings.TrimPrefix(s, "deb")
		for i := range 1 << 12 {
			text += fmt.Sprintf("%s!=1.%d", []string{"", map[bool]string{true: ",", false: "|"}[s == "deb"]}[min(i, 1)], i)
		}
		r, err := version.ParseRange(scheme(t, "deb"), text)
		if err != nil {
			t.Fatal(err)
		}
		if in, err := r.Contains(strings.Repeat("9", 1<<13)); err != nil || !in {
			t.Errorf("%v, %v", in, err)
		}
		if in, err := r.Contains(strings.Repeat("9", 1<<16)); !errors.Is(err, version.ErrInvalid) || in {
			t.Errorf("%v, %v", in, err)
		}
	}
}

func TestManyEventsWithALongVersion(t *testing.T) {
	long := strings.Repeat("9", 1<<16)
	events := []version.Event{{Introduced: "0"}, {Limit: long}}
	if _, err := version.EventsRange(scheme(t, "deb"), events); err != nil {
		t.Error(err)
	}
	for range 1 << 12 {
		events = append(events, version.Event{Limit: "1"})
	}
	var e *version.InvalidError
	if _, err := version.EventsRange(scheme(t, "deb"), events); !errors.As(err, &e) {
		t.Error(err)
	}
}
