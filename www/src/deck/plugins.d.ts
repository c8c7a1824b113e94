/* Plugins of markdown-it that come without types. */

declare module 'markdown-it-deflist' {
  export default function plugin(markdown: import('markdown-it').MarkdownIt): void;
}

declare module 'markdown-it-footnote' {
  export default function plugin(markdown: import('markdown-it').MarkdownIt): void;
}

declare module 'markdown-it-sub' {
  export default function plugin(markdown: import('markdown-it').MarkdownIt): void;
}

declare module 'markdown-it-sup' {
  export default function plugin(markdown: import('markdown-it').MarkdownIt): void;
}
