# Compares two versions a line, in hexadecimal.
require "rubygems"

def read(hex)
  Gem::Version.new([hex].pack("H*").force_encoding("UTF-8"))
end

STDIN.each_line do |line|
  a, b = line.split.map { |hex| read(hex) }
  puts({ -1 => "<", 0 => "=", 1 => ">" }[a <=> b])
rescue ArgumentError
  puts "!"
end
