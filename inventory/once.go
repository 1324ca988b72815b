package inventory

import (
	"context"
	"fmt"
)

// content is a file that is kept: what it holds, or that it is not there.
type content struct {
	bytes  []byte
	absent error
}

var contentFact = &Keyed[string, content]{name: "file", collect: readContent, parts: true}

func readContent(ctx context.Context, s *System, name string) (content, error) {
	b, err := s.ReadText(ctx, name)
	if IsAbsent(err, name) {
		return content{absent: err}, nil
	}
	return content{bytes: b}, err
}

// ReadOnce is [System.ReadText] for a file that several facts and checks are made of: it is
// read once per System and kept, so nobody may write to it. It is for small files; an
// error of absence is one that [IsAbsent] finds.
func (s *System) ReadOnce(ctx context.Context, name string) ([]byte, error) {
	c, err := contentFact.Of(ctx, s, name)
	if err != nil {
		return nil, err
	}
	return c.bytes, c.absent
}

// ParseOnce is [ParseFile] by way of [System.ReadOnce].
func ParseOnce[T any](ctx context.Context, s *System, name string, parse func([]byte) (T, error)) (T, error) {
	b, err := s.ReadOnce(ctx, name)
	return parseContent(name, b, err, parse)
}

// parseContent returns what parse makes of a file's content, or why there is none.
func parseContent[T any](name string, b []byte, err error, parse func([]byte) (T, error)) (T, error) {
	var none T
	if err != nil {
		return none, err
	}
	v, err := parse(b)
	if err != nil {
		return none, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}
