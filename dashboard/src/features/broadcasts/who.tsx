/** A name within a sentence: it runs in its own direction, whatever stands beside it. */
export const Who = (name: React.ReactNode) => <bdi>{name}</bdi>;
