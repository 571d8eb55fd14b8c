import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const blue: MantineColorsTuple = ['#eef4fb', '#d9e6f4', '#b4cdea', '#8ab1de', '#6a9bd4', '#4a82ca', '#3c77c4', '#2d65ad', '#23599b', '#154c89'];

/** Greys without a cast, so that pictures beside them are judged right. */
const dark: MantineColorsTuple = ['#d6d6d6', '#bdbdbd', '#a3a3a3', '#6e6e6e', '#454545', '#363636', '#292929', '#1d1d1d', '#171717', '#111111'];

export const theme = createTheme({
  colors: { blue, dark },
  primaryColor: 'blue',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 6,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { md: '1.5' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' }, transitionProps: { duration: 100 } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, position: 'bottom-end', shadow: 'md', transitionProps: { duration: 80 } } },
    Button: { styles: { label: { fontWeight: 550 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
});

/** Secondary text and placeholders dark enough to be read (AA). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5c5c5c', '--mantine-color-placeholder': '#767676' },
  dark: { '--mantine-color-dimmed': '#a8a8a8', '--mantine-color-placeholder': '#8c8c8c' },
});
